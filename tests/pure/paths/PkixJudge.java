import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.*;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What Java's PKIX says about each case on standard input: one word a line, in their order.  A case is a line of fields
 * behind tabs: seconds, anchor, holder, other certificates, lists, policies, and three settings ("true" or "false").
 * Bytes are in base64; a field of several is divided by spaces.
 */
public class PkixJudge {
    static CertificateFactory factory;

    public static void main(String[] arguments) throws Exception {
        factory = CertificateFactory.getInstance("X.509");
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(judge(line.split("\t", -1)));
        }
    }

    static String judge(String[] fields) throws GeneralSecurityException {
        X509CertSelector holder = new X509CertSelector();
        holder.setCertificate(certificate(fields[2]));
        TrustAnchor anchor = new TrustAnchor(certificate(fields[1]), null);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(Set.of(anchor), holder);
        parameters.setDate(new Date(Long.parseLong(fields[0]) * 1000));
        parameters.setMaxPathLength(8);
        List<Object> evidence = new ArrayList<>(List.of(certificate(fields[2])));
        for (String each : words(fields[3])) evidence.add(certificate(each));
        for (String each : words(fields[4])) evidence.add(factory.generateCRL(bytes(each)));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(evidence)));
        parameters.setInitialPolicies(new HashSet<>(words(fields[5])));
        parameters.setExplicitPolicyRequired(Boolean.parseBoolean(fields[6]));
        parameters.setPolicyMappingInhibited(Boolean.parseBoolean(fields[7]));
        parameters.setAnyPolicyInhibited(Boolean.parseBoolean(fields[8]));
        try {
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return "accept";
        } catch (CertPathBuilderException | RuntimeException refused) {
            return "reject";
        } catch (StackOverflowError endless) {
            return "endless";
        }
    }

    static X509Certificate certificate(String encoded) throws CertificateException {
        return (X509Certificate) factory.generateCertificate(bytes(encoded));
    }

    static ByteArrayInputStream bytes(String encoded) {
        return new ByteArrayInputStream(Base64.getDecoder().decode(encoded));
    }

    static List<String> words(String field) {
        return field.isEmpty() ? List.of() : List.of(field.split(" "));
    }
}
