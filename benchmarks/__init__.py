"""Speed and memory, side by side with other programs in one run: `make benchmarks`."""
