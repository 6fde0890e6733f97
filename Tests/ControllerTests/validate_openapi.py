"""Validates an OpenAPI document (a JSON file) with openapi-spec-validator; says what is wrong and ends with 1."""

import json
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)

errors = list(OpenAPIV31SpecValidator(document).iter_errors())
for error in errors:
    print("/".join(map(str, error.absolute_path)), error.message)
sys.exit(1 if errors else 0)
