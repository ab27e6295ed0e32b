"""A fragment of configuration that mends a finding, and the products it can be for."""

from dataclasses import dataclass

NGINX, APACHE, IIS = "nginx", "Apache HTTP Server", "IIS"
ALB, CLOUDFRONT = "AWS Application Load Balancer", "Amazon CloudFront"
CLOUDFLARE, AZURE = "Cloudflare", "Azure Application Gateway"
ZONE, ROUTE53, CLOUDFLARE_DNS, AZURE_DNS = "BIND", "Amazon Route 53", "Cloudflare DNS", "Azure DNS"
SETTING = "RETURN_URL"


@dataclass(frozen=True, slots=True)
class Fragment:
    """syntax: what the text has to parse as (nginx, apache, xml, powershell, shell, json, zone, bind, ini)."""

    product: str
    syntax: str
    text: str
