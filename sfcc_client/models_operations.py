"""What the SDK answers to those who run a shop: content, code, jobs, replications, metrics, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

_DONE = frozenset({"finished", "aborted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentAsset:
    """Help content of a library. Texts are by locale, ``default`` among them; `body` is HTML. `state` is the resource
    state Commerce compares, None for an asset that is new."""

    content_id: str
    name: Mapping[str, str]
    body: Mapping[str, str] = field(repr=False)
    online: bool = True
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownContent:
    """Content as the shop shows it in one locale."""

    content_id: str
    name: str | None = None
    body: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogProduct:
    """A product as the catalog keeps it: `name` by locale, `online` by site (``default`` for all others).

    `custom` holds every attribute named ``c_*`` by its upstream name; a localizable one is texts by locale.
    A variant without a value of its own has its master's on the storefront, which this does not show.
    """

    product_id: str
    name: Mapping[str, str] = field(default_factory=dict)
    brand: str | None = None
    online: Mapping[str, bool] = field(default_factory=dict)
    master_id: str | None = None
    modified_at: datetime | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductUpdate:
    """The product after a change; `changed` is False where it said so already and nothing was written."""

    product: CatalogProduct
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProduct:
    """A product as shoppers see it in one locale."""

    product_id: str
    name: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeVersion:
    """`rollback` marks the version that was active before."""

    code_version_id: str
    active: bool
    rollback: bool
    activated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobExecution:
    """One run of a job: `state` such as ``pending``, ``running``, ``finished``; `outcome` ``ok`` or ``error``."""

    execution_id: str
    job_id: str
    state: str
    exit_code: str | None = None
    outcome: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def done(self) -> bool:
        return self.state.casefold() in _DONE

    @property
    def failed(self) -> bool:
        return self.state.casefold() == "aborted" or (self.outcome or "").casefold() == "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """One item on its way from staging to production: `state` is pending, in_progress, completed or failed."""

    replication_id: str
    state: str
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSeries:
    """Values by epoch second."""

    name: str
    points: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    metric_id: str
    title: str
    unit: str
    series: tuple[MetricSeries, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """A log file of the instance; `size` in bytes."""

    name: str
    size: int
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomObject:
    """A custom object; `attributes` holds its ``c_*`` members."""

    object_type: str
    key: str
    attributes: Mapping[str, Any] = field(repr=False)
