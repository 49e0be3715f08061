package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

/** Files of people are opened by one door, and why one cannot be used is said in our own words. */
final class FileWordsTest {

  private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Project.classes());

  private static final Set<String> OPENING =
      Set.of("newInputStream", "readString", "readAllBytes", "readAllLines", "lines");

  /** What is read there without that door, and why that neither waits nor is a person's. */
  private static final Map<String, String> READERS =
      Map.of(
          "FileInput", "the door",
          "InputFile", "a descriptor of the program, which is to be waited for",
          "NotStarted", "the program to start, which is executable and a regular file",
          "Settings", "the program's own file",
          "CallBench", "what a child of the program wrote",
          "WindowBench", "/proc/self",
          "LiveWorld", "/proc of a child",
          "ProcessFiles", "/proc of a child",
          "PeerFiles", "/proc/net/unix");

  /** Who repeats what an exception of any kind says, and of which. */
  private static final Map<String, String> QUOTERS =
      Map.of(
          "WhyNot", "says what there is to say",
          "RunningProgram", "either of two exceptions of our own, which hold sentences",
          "Messages", "the parser of arguments, whose exceptions hold sentences",
          "FileOpener", "a mistake of the program's own",
          "MistakeLog", "a mistake of the program's own");

  private static TreeSet<String> callers(Predicate<JavaAccess<?>> wanted) {
    var callers = new TreeSet<String>();
    for (JavaClass each : CLASSES) {
      for (JavaAccess<?> access : each.getAccessesFromSelf()) {
        if (wanted.test(access)) {
          callers.add(top(each));
        }
      }
    }
    return callers;
  }

  private static String top(JavaClass each) {
    return each.getEnclosingClass().map(FileWordsTest::top).orElse(each.getSimpleName());
  }

  /** Other kinds of exception are our own, or carry arguments that were checked by us. */
  private static boolean saysWhatTheSystemSays(JavaClass type) {
    return type.isAssignableTo(IOException.class)
        || type.isEquivalentTo(UncheckedIOException.class)
        || type.isEquivalentTo(Exception.class)
        || type.isEquivalentTo(Throwable.class);
  }

  @Test
  void filesOfPeopleAreOpenedByOneDoor() {
    assertThat(
            callers(
                access ->
                    access.getTargetOwner().isEquivalentTo(Files.class)
                        && OPENING.contains(access.getName())))
        .isSubsetOf(READERS.keySet());
  }

  @Test
  void nobodyRepeatsWhatTheSystemSays() {
    assertThat(
            callers(
                access ->
                    access.getName().equals("getMessage")
                        && saysWhatTheSystemSays(access.getTargetOwner())))
        .isSubsetOf(QUOTERS.keySet());
  }
}
