"""Why each finding matters: the first sentence of its recipe."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: Mapping[str, Promise | str] = {
    "url.parse": _(
        "Programs read a damaged URL differently; the app compares bytes and sends nothing when one of them is off."
    ),
    "url.scheme.https": _(
        "Certificate and signature travel to this address; without encryption anybody on the "
        "way can read and change them."
    ),
    "url.scheme.custom": _("Any app can claim a custom scheme, so that the answer could reach a stranger's app."),
    "url.wildcard": _("A pattern would let in addresses that nobody has reviewed."),
    "url.fragment": _("Browsers never send what follows #, so the server would not see it."),
    "url.userinfo": _("What stands before @ hides the real host from readers, and passwords in URLs end up in logs."),
    "url.host.ip": _("An address has no holder who can prove it, and certificates for addresses are rare."),
    "url.host.single_label": _("A single word means something else in every network."),
    "url.host.localhost": _("On a citizen's phone, localhost is the phone itself."),
    "url.host.reserved": _("Citizens' phones cannot resolve names outside the public DNS."),
    "url.port": _("Company and hotel networks often let only port 443 pass."),
    "url.path.traversal": _(
        "One server decodes such a path, the next one does not: what was reviewed is not what is called."
    ),
    "url.path.params": _("Servers differ in whether a semicolon belongs to the path."),
    "url.query": _(
        "The answer comes in the body; a query invites values that change, and then the bytes no longer match."
    ),
    "url.length": _("Long URLs are cut by systems on the way and do not fit a QR code."),
    "url.canonical": _(
        "The registered bytes are compared as they are; two spellings of one address are two addresses."
    ),
    "url.case": _("Capital and small letters are different bytes; a slip between them is hard to see."),
    "url.idn.alabel": _("The DNS and certificates carry the ASCII form; only it can be compared byte by byte."),
    "url.idn.mixed_script": _("Letters of several scripts that look alike are used to imitate names."),
    "url.brand": _("Citizens would take the server for one of the public bodies behind the card."),
    "url.psl": _("Nobody holds a public suffix alone, so nobody can prove it."),
    "url.shared_hosting": _(
        "Neighbours under the same suffix are strangers, and a released name can be taken by anybody."
    ),
    "url.shortener": _("The service in between decides where the answer goes, today and tomorrow."),
    "dom.jp_attribute": _(
        "Some kinds of domain are given to certain organisations only, which supports or contradicts what was stated."
    ),
    "dom.lookalike": _("A name that can be taken for another service's is how phishing begins."),
    "dom.duplicate": _("One server answers for one entry, so that stopping it stops everything behind it."),
    "dns.resolves": _("A name without a public address cannot be reached from any phone."),
    "dns.rebinding_ttl": _(
        "A name that changes its address all the time can point somewhere else between the check and the use."
    ),
    "dns.dangling": _("Whoever takes the released name at the cloud receives the citizens' certificates."),
    "dns.caa": _("CAA records keep other authorities from issuing certificates for your name by mistake or fraud."),
    "dns.dnssec": _("A signed zone keeps others from forging the answers of your name servers."),
    "dns.txt_proof": _(
        "Only the holder of the domain can write into its zone, so the applicant is shown to be the holder."
    ),
    "http.file_proof": _("Only who runs the server can place a file on it: the other way to prove the domain."),
    "list.conformance": _(
        "A run with virtual citizens will show that the server accepts what it must and refuses what it must."
    ),
    "list.contact": _("In an incident somebody has to be reached at once."),
    "tls.connect": _("Without TLS the app cannot hand anything over."),
    "tls.chain": _("Phones refuse certificates of authorities they do not know."),
    "tls.incomplete_chain": _(
        "Desktop browsers fetch what is missing in silence, phones and servers do not: it "
        "works for you and fails for others."
    ),
    "tls.name": _("A certificate for another name may belong to another server."),
    "tls.expiry": _("Phones refuse an expired certificate, and the service stops for everybody at that hour."),
    "tls.expires_soon": _("A certificate that is not renewed in time stops the service on a day that is known today."),
    "tls.version": _("TLS 1.0 and 1.1 are broken and not used any more (RFC 8996)."),
    "tls.key": _("A short key can be computed by others."),
    "tls.signature": _("A certificate signed with a broken hash can be forged."),
    "http.status": _(
        "An empty request shows how the server treats mistakes, and whether it tells strangers of its inside."
    ),
    "http.redirect_offsite": _("A redirect hands the visitor, and with some statuses the body too, to another server."),
    "http.open_redirect": _("Others can send your visitors from your own address to theirs."),
    "http.hsts": _("Without it the first request may go out unencrypted."),
    "http.headers": _(
        "The return page carries certificates: it should not be kept in caches, shown in frames or named to others."
    ),
    "app.assetlinks": _("The system opens the link in your app only if the domain says that the app is its own."),
    "app.aasa": _("The system opens the link in your app only if the domain says that the app is its own."),
}
