"""Import sets: data lands in a staging table, transform maps carry it on into the tables it is meant for.

`loading` keeps staging rows and their import sets, `transform` runs the maps over them, `mapping` turns one source
value into a target value, `scripting` runs the scripts of a map.
"""
