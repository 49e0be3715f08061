package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

/**
 * What crosses from room to room has a type of its own where it can, and pages are reckoned with in
 * one place. Both are counted, and the counts only fall.
 */
final class EdgesTest {

  private static final String MAIN = "src/main/java/org/iommulab";

  private static final Pattern NO_CODE =
      Pattern.compile("/\\*(?s:.*?)\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"");

  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("(?m)^public (?:\\w+ )*?(class|record|interface|enum) \\w+");

  /** A method with what stands before its name and its parameters, or a record's components. */
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "\\n *((?:[\\w@<>?,.\\[\\] ]| (?=\\S))*?)\\b\\w+\\s*\\(([^()]*)\\)"
              + "\\s*(?:implements [\\w<>, .\\n]+|throws [\\w, .]+)?\\s*(?=[{;])");

  private static final Pattern RAW =
      Pattern.compile(
          "\\b(?:long|int) (?:iova|paddr|phys|physical|hpa|domain|domainId|did|pasid|source|sid"
              + "|requester|rid)\\s*(?:,|$)");

  private static final Pattern PAGE =
      Pattern.compile("(?:>>>?|<<) 12\\b|\\b4096L?\\b|\\b4095L?\\b|\\b0xF{3}L?\\b");

  /** Where pages are what the room is about, or where a walk must not wait. */
  private static final Pattern OF_PAGES =
      Pattern.compile("memory|linux\\.mm|linux\\.intel\\.table|vtd\\.(?:translate|cache)");

  private interface Count {
    int in(String code);
  }

  private static Map<String, Integer> each(Count count) throws IOException {
    var counts = new TreeMap<String, Integer>();
    Path root = Project.file(MAIN);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String room = root.relativize(file.getParent()).toString().replace('/', '.');
        String code = NO_CODE.matcher(Files.readString(file)).replaceAll("");
        counts.merge(room, count.in(code), Integer::sum);
      }
    }
    counts.values().removeIf(found -> found == 0);
    return counts;
  }

  @Test
  void rawDeclarationsAtTheEdgesOnlyGetFewer() throws IOException {
    FallingCounts.check(
        "raw-edges.txt",
        each(EdgesTest::rawDeclarations),
        "give the parameter its type (SourceId, Pasid, DomainId, Iova, HostAddress)");
  }

  /** Raw numbers that a public type takes or has by public methods and components. */
  private static int rawDeclarations(String code) {
    Matcher type = PUBLIC_TYPE.matcher(code);
    if (!type.find()) {
      return 0;
    }
    boolean open = type.group(1).equals("interface");
    int found = 0;
    Matcher signature = SIGNATURE.matcher(code);
    while (signature.find()) {
      String before = signature.group(1);
      boolean declares =
          !before.isBlank() && !before.contains("return") && !before.contains("new ");
      if (declares && !before.contains("private") && (open || before.contains("public"))) {
        for (String parameter : signature.group(2).split(",")) {
          found += RAW.matcher(parameter.strip()).find() ? 1 : 0;
        }
      }
    }
    return found;
  }

  @Test
  void pagesAreReckonedWithInFewerAndFewerPlaces() throws IOException {
    Map<String, Integer> counts = each(code -> (int) PAGE.matcher(code).results().count());
    counts.keySet().removeIf(room -> OF_PAGES.matcher(room).matches());
    FallingCounts.check("page-literals.txt", counts, "use memory.Page");
  }

  @Test
  void aRawDeclarationIsSeen() {
    assertThat(
            rawDeclarations(
                """

                public final class A {
                  public void map(long iova, int other) {
                    call(iova, pasid);
                  }
                  private void hidden(long iova) {}
                  public record R(int pasid, SourceId source) {}
                }
                """))
        .isEqualTo(2);
    assertThat(
            rawDeclarations(
                """

                public interface A {
                  long map(
                      long iova, long size);
                }
                """))
        .isEqualTo(1);
    assertThat(rawDeclarations("\nfinal class A {\n  public void map(long iova) {}\n}\n")).isZero();
  }
}
