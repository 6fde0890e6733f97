"""The measurements of `bench.py`: each module measures one thing and gives rows of the table of goals."""
