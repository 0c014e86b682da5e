"""One module a file format; each turns bytes into pieces with one function ``read``."""
