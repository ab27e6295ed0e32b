"""Fragments for web servers and load balancers.

`@host@` is the reader's host, `@domain@` its registrable domain. Sources: the products' own manuals (nginx.org,
httpd.apache.org, learn.microsoft.com, docs.aws.amazon.com, developers.cloudflare.com).
"""

from whitelist.messages.fragment import ALB, APACHE, AZURE, CLOUDFLARE, CLOUDFRONT, IIS, NGINX, Fragment

CERTIFICATE = (
    Fragment(
        NGINX,
        "nginx",
        """server {
    listen 443 ssl;
    server_name @host@;
    # The server's certificate first, then every intermediate one.
    ssl_certificate     /etc/ssl/@host@/fullchain.pem;
    ssl_certificate_key /etc/ssl/@host@/privkey.pem;
    ssl_protocols       TLSv1.2 TLSv1.3;
}
""",
    ),
    Fragment(
        APACHE,
        "apache",
        """<VirtualHost *:443>
    ServerName @host@
    SSLEngine on
    # Since 2.4.8 this file holds the intermediate certificates too.
    SSLCertificateFile    /etc/ssl/@host@/fullchain.pem
    SSLCertificateKeyFile /etc/ssl/@host@/privkey.pem
    SSLProtocol           -all +TLSv1.2 +TLSv1.3
</VirtualHost>
""",
    ),
    Fragment(
        IIS,
        "powershell",
        """# The .pfx holds key, certificate and intermediate certificates.
$pfx = Import-PfxCertificate -FilePath C:\\certs\\@host@.pfx -CertStoreLocation Cert:\\LocalMachine\\My
New-WebBinding -Name 'Default Web Site' -Protocol https -Port 443 -HostHeader '@host@' -SslFlags 1
(Get-WebBinding -HostHeader '@host@' -Protocol https).AddSslCertificate($pfx.Thumbprint, 'My')
""",
    ),
    Fragment(
        ALB,
        "shell",
        """aws acm import-certificate --certificate fileb://cert.pem \\
  --certificate-chain fileb://chain.pem --private-key fileb://privkey.pem
aws elbv2 modify-listener --listener-arn "$LISTENER_ARN" \\
  --certificates CertificateArn="$CERTIFICATE_ARN" \\
  --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06
""",
    ),
    Fragment(
        CLOUDFRONT,
        "json",
        """{
  "Aliases": {"Quantity": 1, "Items": ["@host@"]},
  "ViewerCertificate": {
    "ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/example",
    "SSLSupportMethod": "sni-only",
    "MinimumProtocolVersion": "TLSv1.2_2021"
  }
}
""",
    ),
    Fragment(
        CLOUDFLARE,
        "shell",
        """curl -X PATCH "https://api.cloudflare.com/client/v4/zones/$ZONE_ID/settings/ssl" \\
  -H "Authorization: Bearer $TOKEN" --json '{"value": "strict"}'
curl -X PATCH "https://api.cloudflare.com/client/v4/zones/$ZONE_ID/settings/min_tls_version" \\
  -H "Authorization: Bearer $TOKEN" --json '{"value": "1.2"}'
""",
    ),
    Fragment(
        AZURE,
        "shell",
        """az network application-gateway ssl-cert update --gateway-name "$GATEWAY" \\
  --resource-group "$GROUP" --name return-server --cert-file @host@.pfx
az network application-gateway ssl-policy set --gateway-name "$GATEWAY" \\
  --resource-group "$GROUP" --policy-type Predefined --name AppGwSslPolicy20220101
""",
    ),
)

RENEWAL = (
    Fragment(NGINX, "shell", "certbot --nginx -d @host@\ncertbot renew --dry-run\n"),
    Fragment(APACHE, "shell", "certbot --apache -d @host@\ncertbot renew --dry-run\n"),
    Fragment(IIS, "powershell", "wacs.exe --source iis --host '@host@' --installation iis\n"),
    Fragment(
        ALB,
        "shell",
        "aws acm request-certificate --domain-name @host@ --validation-method DNS --key-algorithm EC_prime256v1\n",
    ),
    Fragment(
        CLOUDFRONT,
        "shell",
        "aws acm request-certificate --region us-east-1 --domain-name @host@ --validation-method DNS\n",
    ),
    *CERTIFICATE[5:],
)

HEADERS = (
    Fragment(
        NGINX,
        "nginx",
        """location = /jpki/return {
    # add_header here replaces every add_header further out: all of them stand in one place.
    add_header Strict-Transport-Security "max-age=31536000" always;
    add_header Cache-Control "no-store" always;
    add_header Content-Security-Policy "frame-ancestors 'none'" always;
    add_header Referrer-Policy "no-referrer" always;
    proxy_pass http://127.0.0.1:8000;
}
""",
    ),
    Fragment(
        APACHE,
        "apache",
        """<Location "/jpki/return">
    Header always set Strict-Transport-Security "max-age=31536000"
    Header always set Cache-Control "no-store"
    Header always set Content-Security-Policy "frame-ancestors 'none'"
    Header always set Referrer-Policy "no-referrer"
</Location>
""",
    ),
    Fragment(
        IIS,
        "xml",
        """<configuration>
  <system.webServer>
    <httpProtocol>
      <customHeaders>
        <add name="Strict-Transport-Security" value="max-age=31536000" />
        <add name="Cache-Control" value="no-store" />
        <add name="Content-Security-Policy" value="frame-ancestors 'none'" />
        <add name="Referrer-Policy" value="no-referrer" />
      </customHeaders>
    </httpProtocol>
  </system.webServer>
</configuration>
""",
    ),
    Fragment(
        ALB,
        "shell",
        """aws elbv2 modify-listener-attributes --listener-arn "$LISTENER_ARN" --attributes \\
  'Key=routing.http.response.strict_transport_security.header_value,Value=max-age=31536000'
""",
    ),
    Fragment(
        CLOUDFRONT,
        "json",
        """{
  "Name": "return-server",
  "SecurityHeadersConfig": {
    "StrictTransportSecurity": {"Override": true, "AccessControlMaxAgeSec": 31536000},
    "ReferrerPolicy": {"Override": true, "ReferrerPolicy": "no-referrer"},
    "FrameOptions": {"Override": true, "FrameOption": "DENY"}
  },
  "CustomHeadersConfig": {
    "Quantity": 1,
    "Items": [{"Header": "Cache-Control", "Value": "no-store", "Override": true}]
  }
}
""",
    ),
    Fragment(
        CLOUDFLARE,
        "json",
        """{
  "expression": "(http.host eq \\"@host@\\")",
  "action": "rewrite",
  "action_parameters": {"headers": {
    "Strict-Transport-Security": {"operation": "set", "value": "max-age=31536000"},
    "Cache-Control": {"operation": "set", "value": "no-store"},
    "Content-Security-Policy": {"operation": "set", "value": "frame-ancestors 'none'"},
    "Referrer-Policy": {"operation": "set", "value": "no-referrer"}
  }}
}
""",
    ),
)

ONLY_POST = (
    Fragment(
        NGINX,
        "nginx",
        """location = /jpki/return {
    limit_except POST { deny all; }
    proxy_intercept_errors on;
    error_page 500 502 503 504 /error.html;
    proxy_pass http://127.0.0.1:8000;
}
""",
    ),
    Fragment(
        APACHE,
        "apache",
        """<Location "/jpki/return">
    <LimitExcept POST>
        Require all denied
    </LimitExcept>
    ErrorDocument 500 /error.html
</Location>
""",
    ),
    Fragment(
        IIS,
        "xml",
        """<configuration>
  <system.webServer>
    <httpErrors errorMode="Custom" existingResponse="Replace" />
    <security>
      <requestFiltering>
        <verbs allowUnlisted="false"><add verb="POST" allowed="true" /></verbs>
      </requestFiltering>
    </security>
  </system.webServer>
</configuration>
""",
    ),
)

REDIRECT = (
    Fragment(
        NGINX,
        "nginx",
        """server {
    listen 443 ssl;
    server_name @host@;
    # Never: return 302 $arg_next;
    location = /login { return 302 https://@host@/; }
}
""",
    ),
    Fragment(
        APACHE,
        "apache",
        """<VirtualHost *:443>
    ServerName @host@
    Redirect 302 /login https://@host@/
</VirtualHost>
""",
    ),
    Fragment(
        IIS,
        "xml",
        """<configuration>
  <system.webServer>
    <httpRedirect enabled="false" />
  </system.webServer>
</configuration>
""",
    ),
)


FILE = (
    Fragment(
        NGINX, "nginx", "location ^~ /.well-known/ {\n    root /var/www/@host@;\n    default_type text/plain;\n}\n"
    ),
    Fragment(APACHE, "apache", 'Alias "/.well-known/" "/var/www/@host@/.well-known/"\n'),
    Fragment(
        IIS,
        "xml",
        "<configuration>\n  <system.webServer>\n    <staticContent>\n"
        '      <mimeMap fileExtension="." mimeType="text/plain" />\n'
        "    </staticContent>\n  </system.webServer>\n</configuration>\n",
    ),
)
ASSETLINKS = (
    Fragment(
        "/.well-known/assetlinks.json",
        "json",
        """[{
  "relation": ["delegate_permission/common.handle_all_urls"],
  "target": {
    "namespace": "android_app",
    "package_name": "jp.example.app",
    "sha256_cert_fingerprints": [
      "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
    ]
  }
}]
""",
    ),
    Fragment(NGINX, "nginx", "location = /.well-known/assetlinks.json {\n    default_type application/json;\n}\n"),
    Fragment(
        APACHE,
        "apache",
        '<Files "assetlinks.json">\n    ForceType application/json\n</Files>\n',
    ),
)
AASA = (
    Fragment(
        "/.well-known/apple-app-site-association",
        "json",
        """{
  "applinks": {
    "details": [{"appIDs": ["ABCDE12345.jp.example.app"], "components": [{"/": "/jpki/*"}]}]
  }
}
""",
    ),
    Fragment(
        NGINX, "nginx", "location = /.well-known/apple-app-site-association {\n    default_type application/json;\n}\n"
    ),
    Fragment(
        APACHE,
        "apache",
        '<Files "apple-app-site-association">\n    ForceType application/json\n</Files>\n',
    ),
)
