"""vanna 2.0.2 over the same data and replies: run by the Python of `var/vanna`, not by ours."""

import asyncio
import sys

import uvicorn
from vanna import Agent, AgentConfig, ToolRegistry, User
from vanna.core.llm import LlmResponse, LlmService, LlmStreamChunk
from vanna.core.tool import ToolCall
from vanna.core.user import UserResolver
from vanna.integrations.duckdb import DuckDBRunner
from vanna.integrations.local.agent_memory import DemoAgentMemory
from vanna.servers.fastapi.app import VannaFastAPIServer
from vanna.tools import RunSqlTool

PORT, DATABASE, SQL, TEXT, SECONDS = sys.argv[1:6]


class Scripted(LlmService):
    """Calls the SQL tool first, then gives the answer."""

    async def send_request(self, request):
        await asyncio.sleep(float(SECONDS))
        if any(message.role == "tool" for message in request.messages):
            return LlmResponse(content=TEXT, finish_reason="stop")
        call = ToolCall(id="1", name="run_sql", arguments={"sql": SQL})
        return LlmResponse(content="", tool_calls=[call], finish_reason="tool_calls")

    async def stream_request(self, request):
        reply = await self.send_request(request)
        yield LlmStreamChunk(
            content=reply.content, tool_calls=reply.tool_calls, finish_reason=reply.finish_reason
        )

    async def validate_tools(self, tools):
        return []


class OneUser(UserResolver):
    async def resolve_user(self, request_context):
        return User(id="ada", username="ada", email="ada@mail.example", group_memberships=["user"])


class NoFiles:
    """Keeps the tool from writing a CSV a question: only the answering is compared."""

    def __getattr__(self, name):
        async def nothing(*args, **kwargs):
            return None

        return nothing


tools = ToolRegistry()
runner = DuckDBRunner(database_path=DATABASE, read_only=True)
tools.register_local_tool(RunSqlTool(sql_runner=runner, file_system=NoFiles()), access_groups=[])
agent = Agent(
    llm_service=Scripted(),
    tool_registry=tools,
    user_resolver=OneUser(),
    agent_memory=DemoAgentMemory(),
    config=AgentConfig(stream_responses=True),
)
app = VannaFastAPIServer(agent).create_app()
uvicorn.run(app, host="127.0.0.1", port=int(PORT), log_level="error", loop="asyncio")
