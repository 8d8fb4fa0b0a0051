"""Problems: products and content."""

from __future__ import annotations

from sfcc_client.emulator.errors.wording import Wording

PROBLEMS = {
    "too-many-products": Wording(
        400, "validation", "Bad Request", "Maximum number of products you can request in one call is {maximum}."
    ),
    "content-not-found": Wording(
        404,
        "content-not-found",
        "Content Asset Not Found",
        "No visible content asset with ID '{content_id}' was found in site '{site_id}'.",
    ),
    "page-not-found": Wording(
        404, "page-not-found", "Page Not Found", "No visible page with ID '{page_id}' was found in site '{site_id}'."
    ),
    "aspect-type-not-found": Wording(
        404,
        "aspect-type-not-found",
        "Aspect Type Not Found",
        "No aspect type with ID '{aspect_type_id}' was found in site '{site_id}'.",
    ),
    "business-object-id-invalid": Wording(
        400,
        "business-object-id-invalid",
        "Business Object ID Invalid",
        "At least one provided business object identifier was invalid. This means either none was provided at all or "
        "exclusiveness of multiple identifiers wasn't honored or the referenced business object didn't exist.",
    ),
    "folder-not-found": Wording(
        404,
        "folder-not-found",
        "Folder Not Found",
        "No online content folder with ID '{folder_id}' for site '{site_id}' could be found.",
    ),
    "wrong-refinement": Wording(
        400,
        "bad-request",
        "Bad Request",
        "Invalid refinement parameter format. Expected format: 'attribute=value'.",
        ("parameter",),
    ),
    "product-not-found": Wording(
        404,
        "product-not-found",
        "Product Not Found",
        "No product with ID '{productId}' for site '{siteId}' could be found.",
        ("productId", "siteId"),
    ),
    "catalog-product-not-found": Wording(
        404,
        "product-not-found",
        "Product Not Found",
        "No product with ID '{productId}' could be found.",
        ("productId",),
    ),
    # unverified: the description shows the 404 of a product for everything that can be missing.
    "variation-not-found": Wording(
        404,
        "product-not-found",
        "Product Not Found",
        "The product '{productId}' has no {kind} '{part_id}'.",
        ("productId",),
    ),
    "catalog-not-found": Wording(
        404,
        "catalog-not-found",
        "Catalog Not Found",
        "No catalog with ID '{catalogId}' could be found.",
        ("catalogId",),
    ),
    "catalog-category-not-found": Wording(
        404,
        "category-not-found",
        "Category Not Found",
        "No category with ID '{categoryId}' for catalog '{catalogId}' could be found.",
        ("categoryId",),
    ),
}
