"""The tests, and the tools that measure (`./build.sh help`)."""
