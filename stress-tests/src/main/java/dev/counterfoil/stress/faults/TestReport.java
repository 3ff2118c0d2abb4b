package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * What the build wrote of one class of tests.
 *
 * @param name the class, without its package
 * @param tests how many tests it has
 * @param failed how many of them failed
 * @param skipped how many of them were not run
 */
record TestReport(String name, int tests, int failed, int skipped) {
    /** All reports in a directory, by name. */
    static List<TestReport> readAll(Path directory) throws IOException {
        List<TestReport> reports = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return reports;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(TestReport::isReport).sorted().toList()) {
                reports.add(read(file));
            }
        }
        return reports;
    }

    private static boolean isReport(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("TEST-") && name.endsWith(".xml");
    }

    private static TestReport read(Path file) throws IOException {
        try {
            Element suite = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
            String name = suite.getAttribute("name");
            return new TestReport(
                    name.substring(name.lastIndexOf('.') + 1),
                    number(suite, "tests"),
                    number(suite, "failures") + number(suite, "errors"),
                    number(suite, "skipped"));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("no report of tests: " + file, e);
        }
    }

    private static int number(Element suite, String attribute) {
        return Integer.parseInt(suite.getAttribute(attribute));
    }

    boolean passed() {
        return failed == 0 && tests > skipped;
    }
}
