"""foedus: play a scenario of treaties, arms and sanctions forward, once or a million times."""
