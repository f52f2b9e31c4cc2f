"""The loopback server itself, by plain boto3."""

import time

import pytest
from botocore.exceptions import ClientError

from dev_athena.server import AthenaServer


@pytest.fixture(scope="module", autouse=True)
def nothing(athena: AthenaServer) -> None:
    """A database without a table."""
    athena.client("glue").create_database(DatabaseInput={"Name": "nothing"})


def test_identity_and_secrets_stand_beside_athena(athena: AthenaServer) -> None:
    assert athena.client("sts").get_caller_identity()["Account"]
    secrets = athena.client("secretsmanager")
    secrets.create_secret(Name="vtion/key", SecretString="hidden")
    assert secrets.get_secret_value(SecretId="vtion/key")["SecretString"] == "hidden"


def test_errors_are_athenas_own(athena: AthenaServer) -> None:
    client = athena.client("athena")
    with pytest.raises(ClientError) as malformed:
        client.start_query_execution(QueryString="SELEC 1", WorkGroup="primary")
    assert malformed.value.response["Error"]["Code"] == "InvalidRequestException"
    assert malformed.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"
    with pytest.raises(ClientError, match="was not found"):
        client.get_query_execution(QueryExecutionId="0")
    with pytest.raises(ClientError, match="is not found"):
        client.start_query_execution(QueryString="SELECT 1", WorkGroup="nobodys")


def test_the_result_is_in_s3_before_the_query_has_succeeded(athena: AthenaServer) -> None:
    client, s3 = athena.client("athena"), athena.client("s3")
    sql = "SELECT 1 AS a, '' AS b, CAST(NULL AS varchar) AS c, 'x\"y' AS d"
    started = client.start_query_execution(
        QueryString=sql, QueryExecutionContext={"Database": "nothing"}, WorkGroup="primary"
    )
    while True:
        execution = client.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
        if execution["QueryExecution"]["Status"]["State"] == "SUCCEEDED":
            break
        assert execution["QueryExecution"]["Status"]["State"] in ("QUEUED", "RUNNING")
    location = execution["QueryExecution"]["ResultConfiguration"]["OutputLocation"]
    bucket, _, key = location.removeprefix("s3://").partition("/")
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    assert body == b'"a","b","c","d"\n"1","",,"x""y"\n'
    batch = client.batch_get_query_execution(
        QueryExecutionIds=[started["QueryExecutionId"], "unknown"]
    )
    assert [item["Query"] for item in batch["QueryExecutions"]] == [sql]
    assert len(batch["UnprocessedQueryExecutionIds"]) == 1


def test_pages_begin_with_the_header_and_leave_nulls_out(athena: AthenaServer) -> None:
    client = athena.client("athena")
    sql = "SELECT CAST(NULL AS bigint) AS n UNION ALL SELECT 2"
    started = client.start_query_execution(
        QueryString=sql, QueryExecutionContext={"Database": "nothing"}, WorkGroup="primary"
    )
    query_id = started["QueryExecutionId"]
    while not athena.executions.get(query_id).is_final:
        time.sleep(0.01)
    first = client.get_query_results(QueryExecutionId=query_id, MaxResults=2)
    second = client.get_query_results(QueryExecutionId=query_id, NextToken=first["NextToken"])
    assert [row["Data"] for row in first["ResultSet"]["Rows"]] == [[{"VarCharValue": "n"}], [{}]]
    assert [row["Data"] for row in second["ResultSet"]["Rows"]] == [[{"VarCharValue": "2"}]]
    assert "NextToken" not in second
    info = first["ResultSet"]["ResultSetMetadata"]["ColumnInfo"][0]
    assert (info["Name"], info["Type"], info["Precision"]) == ("n", "bigint", 19)
