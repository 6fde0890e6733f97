"""What `bench.py` and `bench_full.py` are made of: servers, load, rounds, tables, plots."""
