"""The audit of mechanisms: whether what the sources say moves what does so in the model, and by which way."""
