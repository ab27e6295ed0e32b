import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Scanner;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** XML signatures by another hand: signs and judges what stands in the lines of its input, each answered by a line. */
public class XmlHand {
    private static final XMLSignatureFactory FACTORY = XMLSignatureFactory.getInstance("DOM");

    public static void main(String[] arguments) throws Exception {
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            String[] fields = lines.nextLine().split("\t");
            System.out.println(fields[0].equals("sign") ? sign(fields) : judge(fields));
        }
    }

    /** sign, document, certificate, private key (PKCS #8), hash, canonical form. */
    private static String sign(String[] fields) throws Exception {
        Document document = parsed(fields[1]);
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(decoded(fields[3])));
        Reference reference =
                FACTORY.newReference(
                        "",
                        FACTORY.newDigestMethod("http://www.w3.org/2001/04/xmlenc#" + fields[4], null),
                        List.of(
                                FACTORY.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                                FACTORY.newTransform(fields[5], prefixes(fields[5]))),
                        null,
                        null);
        KeyInfoFactory keys = FACTORY.getKeyInfoFactory();
        XMLSignature signature =
                FACTORY.newXMLSignature(
                        FACTORY.newSignedInfo(
                                FACTORY.newCanonicalizationMethod(fields[5], prefixes(fields[5])),
                                FACTORY.newSignatureMethod(
                                        "http://www.w3.org/2001/04/xmldsig-more#rsa-" + fields[4], null),
                                List.of(reference)),
                        keys.newKeyInfo(List.of(keys.newX509Data(List.of(certificate(fields[2]))))));
        signature.sign(new DOMSignContext(key, document.getDocumentElement()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    /** An exclusive form may name prefixes that it treats as an inclusive one does. */
    private static C14NMethodParameterSpec prefixes(String form) {
        return form.contains("exc-c14n") ? new ExcC14NParameterSpec(List.of("n", "m")) : null;
    }

    /** judge, document, certificate: whether the first signature in it and all of its references are right. */
    private static String judge(String[] fields) throws Exception {
        Document document = parsed(fields[1]);
        NodeList found = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
        DOMValidateContext context = new DOMValidateContext(certificate(fields[2]).getPublicKey(), found.item(0));
        for (Element element : named(document)) {
            context.setIdAttributeNS(element, null, "Id");
        }
        try {
            return FACTORY.unmarshalXMLSignature(context).validate(context) ? "accept" : "reject";
        } catch (Exception refused) {
            return "reject";
        }
    }

    private static List<Element> named(Document document) {
        List<Element> found = new ArrayList<>();
        NodeList all = document.getElementsByTagNameNS("*", "*");
        for (int place = 0; place < all.getLength(); place++) {
            if (((Element) all.item(place)).hasAttribute("Id")) {
                found.add((Element) all.item(place));
            }
        }
        return found;
    }

    private static Document parsed(String field) throws Exception {
        DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
        builders.setNamespaceAware(true);
        return builders.newDocumentBuilder().parse(new ByteArrayInputStream(decoded(field)));
    }

    private static X509Certificate certificate(String field) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decoded(field)));
    }

    private static byte[] decoded(String field) {
        return Base64.getDecoder().decode(field);
    }
}
