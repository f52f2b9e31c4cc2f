"""Four small databases of different make, each with a dictionary read off its tables."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import sqlglot

from domain.column_type import family_of
from domain.dictionary import (
    ColumnEntry,
    ColumnRole,
    Dictionary,
    Relationship,
    TableEntry,
    ValueShare,
)

_SCRIPTS = {
    "school": """
        CREATE TABLE student (stu_id INTEGER, fname VARCHAR, lname VARCHAR, age INTEGER,
            sex VARCHAR, home_city VARCHAR, advisor_id INTEGER);
    INSERT INTO student VALUES (1,'Ann','Reed',19,'F','Delhi',1),
                (2,'Bob','Stone',22,'M','Pune',1),
            (3,'Cleo','Ahmed',20,'F','Delhi',2), (4,'Dan','Ivory',25,'M','Mumbai',2),
            (5,'Eve','Lane',21,'F','Pune',NULL);
        CREATE TABLE advisor (advisor_id INTEGER, name VARCHAR, salary DOUBLE);
    INSERT INTO advisor VALUES (1,'Prof Kline',90000), (2,'Prof Moss',75000),
                (3,'Prof Yu',60000);
        CREATE TABLE course (course_id INTEGER, title VARCHAR, credits INTEGER);
    INSERT INTO course VALUES (10,'Algebra',4), (11,'Biology',3), (12,'Chemistry',3),
                (13,'Drama',2);
        CREATE TABLE enrolled_in (stu_id INTEGER, course_id INTEGER, grade VARCHAR);
        INSERT INTO enrolled_in VALUES (1,10,'A'), (1,11,'B'), (2,10,'C'), (3,12,'A'), (4,10,'B'),
            (4,11,'A'), (4,12,'B');
    """,
    "shop": """
        CREATE TABLE customers (customer_id INTEGER, customer_name VARCHAR, country VARCHAR);
        INSERT INTO customers VALUES (1,'Asha','India'), (2,'Ben','Kenya'), (3,'Chika','Nigeria'),
            (4,'Divya','India');
        CREATE TABLE orders (order_id INTEGER, customer_id INTEGER, order_date DATE,
            total_amount DOUBLE, status VARCHAR);
        INSERT INTO orders VALUES (1,1,'2024-01-05',120.5,'paid'), (2,1,'2024-02-11',80,'paid'),
            (3,2,'2024-02-20',40,'returned'), (4,3,'2024-03-02',310,'paid'),
            (5,2,'2024-03-09',75,'paid'), (6,1,'2024-03-30',15,'returned');
        CREATE TABLE order_items (item_id INTEGER, order_id INTEGER, product VARCHAR,
            quantity INTEGER);
        INSERT INTO order_items VALUES (1,1,'lamp',2), (2,1,'desk',1), (3,2,'lamp',1),
                (4,3,'chair',4),
            (5,4,'desk',2), (6,5,'chair',1), (7,6,'lamp',1);
    """,
    "planes": """
        CREATE TABLE flights (flight_no INTEGER, carrier VARCHAR, origin VARCHAR, dest VARCHAR,
            departed TIMESTAMP, distance_km INTEGER, dep_delay INTEGER, arr_delay INTEGER);
        INSERT INTO flights VALUES
    (1,'AA','JFK','LAX','2024-03-01 08:00',3983,10,20),
                (2,'AA','JFK','SFO','2024-03-02 09:30',4160,0,5),
    (3,'UA','EWR','ORD','2024-03-09 18:00',1150,45,50),
                (4,'UA','EWR','LAX','2024-02-14 07:15',3950,5,0),
    (5,'DL','JFK','ATL','2024-02-15 12:00',1220,90,95),
                (6,'DL','LGA','ATL','2024-01-20 16:45',1225,0,0);
        CREATE TABLE carriers (carrier VARCHAR, carrier_name VARCHAR);
    INSERT INTO carriers VALUES ('AA','American'), ('UA','United'), ('DL','Delta'),
                ('WN','Southwest');
    """,
    "panel": """
        CREATE TABLE members (member_id INTEGER, gender VARCHAR, town VARCHAR, tongue VARCHAR,
            joined DATE);
        INSERT INTO members VALUES (1,'Female','Oslo','Norse','2023-05-01'),
            (2,'Male','Oslo','Danish','2024-03-04'), (3,'Female','Bergen','Norse','2024-03-09'),
            (4,'Female','Oslo','Danish','2022-01-01');
        CREATE TABLE apps (app_id INTEGER, app_name VARCHAR);
        INSERT INTO apps VALUES (1,'Kino'), (2,'Basar');
        CREATE TABLE plays (play_id INTEGER, member_id INTEGER, app_id INTEGER, title VARCHAR,
            language VARCHAR, streamed_seconds INTEGER, played_on DATE);
        INSERT INTO plays VALUES (1,1,1,'Fjord','Norse',60,'2024-03-01'),
            (2,2,1,'Fjord','Norse',90,'2024-03-02'), (3,4,1,'Havet','Danish',30,'2024-03-03'),
            (4,1,1,'Havet','Danish',20,'2024-04-01'), (5,4,1,'Fjord','Norse',10,'2024-02-01');
        CREATE TABLE orders (order_id INTEGER, member_id INTEGER, app_id INTEGER,
            goods VARCHAR, price DOUBLE, ordered_on DATE);
        INSERT INTO orders VALUES (1,1,2,'Shoes',80,'2024-03-05'), (2,1,2,'Books',10,'2024-03-06'),
            (3,3,2,'Books',20,'2024-03-07'), (4,2,2,'Shoes',50,'2024-02-08');
    """,
}
_KEYS = {
    "student": ["stu_id"],
    "advisor": ["advisor_id"],
    "course": ["course_id"],
    "enrolled_in": ["stu_id", "course_id"],
    "customers": ["customer_id"],
    "orders": ["order_id"],
    "order_items": ["item_id"],
    "flights": ["flight_no"],
    "carriers": ["carrier"],
    "members": ["member_id"],
    "apps": ["app_id"],
    "plays": ["play_id"],
}
_JOINS = {
    "school": [
        ("student", "advisor_id", "advisor", "advisor_id"),
        ("enrolled_in", "stu_id", "student", "stu_id"),
        ("enrolled_in", "course_id", "course", "course_id"),
    ],
    "shop": [
        ("orders", "customer_id", "customers", "customer_id"),
        ("order_items", "order_id", "orders", "order_id"),
    ],
    "planes": [("flights", "carrier", "carriers", "carrier")],
    "panel": [
        ("plays", "member_id", "members", "member_id"),
        ("plays", "app_id", "apps", "app_id"),
        ("orders", "member_id", "members", "member_id"),
        ("orders", "app_id", "apps", "app_id"),
    ],
}
_ATHENA = {
    "INTEGER": "integer",
    "VARCHAR": "varchar",
    "DOUBLE": "double",
    "DATE": "date",
    "TIMESTAMP": "timestamp(6)",
}


@dataclass(frozen=True)
class SmallDatabase:
    """A database to run on, and what is known of it."""

    connection: duckdb.DuckDBPyConnection
    dictionary: Dictionary

    def rows(self, duckdb_sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(duckdb_sql).fetchall()

    def rows_of_athena(self, sql: str) -> list[tuple[Any, ...]]:
        return self.rows(sqlglot.transpile(sql, read="athena", write="duckdb")[0])


@cache
def small_database(name: str) -> SmallDatabase:
    connection = duckdb.connect()
    connection.execute(_SCRIPTS[name])
    tables = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
    links = [
        Relationship(
            child_table=a, child_columns=[b], parent_table=c, parent_columns=[d], confidence=1
        )
        for a, b, c, d in _JOINS[name]
    ]
    entries = [_table(connection, table, links) for table in tables]
    dictionary = Dictionary(source_name=name, tables=entries, relationships=links)
    return SmallDatabase(connection, dictionary)


def _table(
    connection: duckdb.DuckDBPyConnection, table: str, links: list[Relationship]
) -> TableEntry:
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    count = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    foreign = {link.child_columns[0] for link in links if link.child_table == table}
    columns = [_column(connection, table, row[0], row[1], row[0] in foreign) for row in described]
    times = [c.name for c in columns if c.family.is_temporal]
    return TableEntry(
        name=table,
        row_count=count,
        primary_key=_KEYS[table],
        columns=columns,
        time_column=times[0] if times else None,
    )


def _column(
    connection: duckdb.DuckDBPyConnection, table: str, name: str, kind: str, is_foreign: bool
) -> ColumnEntry:
    counted = connection.execute(
        f"SELECT {name}, count(*) FROM {table} WHERE {name} IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    is_key = is_foreign or name in _KEYS[table]
    numeric = family_of(_ATHENA[kind]).is_numeric
    plain = [(v if isinstance(v, str | int | float) else str(v), n) for v, n in counted]
    return ColumnEntry(
        name=name,
        type=_ATHENA[kind],
        role=ColumnRole.KEY if is_key else ColumnRole.MEASURE if numeric else ColumnRole.TEXT,
        additive=numeric and not is_key and name != "age",
        distinct_count=len(counted),
        top_values=[ValueShare(value=v, share=n / 10) for v, n in plain],
    )
