"""The pages of an instance, asked without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree, html

from snow_app.emulator.bootstrap import image
from snow_app.emulator.forms import blueprint
from snow_app.emulator.instance import Instance, Session
from snow_app.emulator.scripts import attach
from snow_app.emulator.store import Store

SCOPE = "x_acme_test"


@pytest.fixture
def instance() -> Iterator[Instance]:
    made = Instance(Store(image=image(True)))
    attach(made)
    yield made
    made.close()


@pytest.fixture
def admin(instance: Instance) -> Session:
    return instance.session("admin")


@pytest.fixture
def scoped(instance: Instance, admin: Session) -> Session:
    """admin at work in the application x_acme_test."""
    made = admin.insert("sys_app", {"name": "Test", "scope": SCOPE, "version": "1.0.0"})
    return instance.session("admin", made["sys_id"])


@pytest.fixture
def app(instance: Instance) -> Flask:
    made = Flask("pages")
    made.config.update(SECRET_KEY="test", TESTING=True)
    made.register_blueprint(blueprint(instance))
    return made


class Browser:
    """A person's browser: a cookie jar, and pages as trees."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def sign_in(self, user_name: str = "admin", password: str = "admin", **more: str) -> Any:
        return self.client.post("/login.do", data={"user_name": user_name, "user_password": password, **more})

    def get(self, address: str, status: int = 200) -> html.HtmlElement:
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text
        return html.fromstring(answer.text)

    def fields(self, address: str) -> dict[str, str]:
        """What the form of a page would send."""
        return dict(self.get(address).forms[0].form_values())

    def post(self, address: str, **values: str) -> Any:
        """Send a page's form with changed fields."""
        return self.client.post(address, data={**self.fields(address), **values})

    @property
    def token(self) -> str:
        with self.client.session_transaction() as session:
            return str(session["ck"])

    def ajax(self, name: str, *, token: str | None = None, **parameters: str) -> Any:
        headers = {"X-UserToken": self.token if token is None else token}
        data = {"sysparm_processor": name, **parameters}
        return self.client.post("/xmlhttp.do", data=data, headers=headers)

    def answer(self, name: str, **parameters: str) -> str | None:
        """The attribute `answer` of a GlideAjax call."""
        response = self.ajax(name, **parameters)
        assert response.status_code == 200
        return etree.fromstring(response.data).get("answer")


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def browser(stranger: Browser) -> Browser:
    """admin's browser, signed in."""
    stranger.sign_in()
    stranger.get("/incident_list.do")
    return stranger


@pytest.fixture
def person(app: Flask) -> Callable[[str], Browser]:
    """The browser of another user, signed in without a password question."""

    def signed_in(user_name: str) -> Browser:
        client = app.test_client()
        with client.session_transaction() as session:
            session["user_name"] = user_name
        return Browser(client)

    return signed_in


@pytest.fixture
def incident(admin: Session) -> dict[str, str]:
    return admin.insert("incident", {"short_description": "Printer", "urgency": "2"})
