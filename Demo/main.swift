internal import Glibc

exit(runDemo() ? 0 : 1)
