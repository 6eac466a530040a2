"""Writes numbers into a table, each in a transaction of its own, until it is told to stop.

Every number that the server acknowledged goes to standard output, every connection that was lost to
standard error. The argument holds libpq's connection settings.
"""

import sys
import time

import psycopg2

PAUSE = 0.02

connection = None
number = 0
while True:
    number += 1
    try:
        if connection is None:
            connection = psycopg2.connect(sys.argv[1])
            connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO numbers VALUES (%s)", (number,))
        print(number, flush=True)
    except psycopg2.Error as error:
        print(f"{time.time():.1f} {number}: {error}".strip(), file=sys.stderr, flush=True)
        connection = None
    time.sleep(PAUSE)
