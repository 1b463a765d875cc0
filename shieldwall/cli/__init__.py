"""The command line: `shieldwall`. It parses, calls a service, prints, and says by its exit code what happened.

main       the app, and the one place that turns an error into a line and an exit code
hub        setup, migrate, check, rebuild: what an operator does on the node's own machine
processes  serve and what it starts: web and worker
admin      members, people, keys, groups … entered into the register
remote     what members do over HTTP
"""
