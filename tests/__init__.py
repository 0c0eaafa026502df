"""What foedus promises, checked; laid out room by room as the code is."""
