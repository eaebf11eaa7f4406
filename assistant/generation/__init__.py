"""Language model mode: a model words the answer, from numbered evidence only and checked in code."""
