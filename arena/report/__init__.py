"""The report of a run: records -> RunTally (counts) -> Report (plain data) -> report.md and report.html.

make_report(run, records, find, passed_over) -> Report     arena/report/making.py: reads a run
report_data(facts, tally, find) -> Report                  arena/report/build.py: pure
markdown_lines(report), page(report)                       arena/report/markdown.py, page.py: pure
write_report(report, folder)                               arena/report/making.py: writes both
"""
