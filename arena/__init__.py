"""The arena: matches, the referee, records, metrics and the command line.

One door for library users; everything else is reached through its module.
"""
