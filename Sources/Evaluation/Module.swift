// placeholder removed when the module gets its first file
