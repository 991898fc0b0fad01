"""The engine against its peers (`python -m benchmarks`) and against itself elsewhere (`python -m benchmarks.bits`)."""
