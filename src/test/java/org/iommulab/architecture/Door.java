package org.iommulab.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.iommulab.testing.Project;

/**
 * A package with the sentence at its door that says what it may import: "May import {@code
 * lab.script}, {@code vtd..} and the floors below." Two dots mean the packages within, too.
 */
final class Door {

  private static final String ROOT = "org.iommulab.";
  private static final Pattern MAY = Pattern.compile("May import (.*?)\\.(?= [A-Z<]| *$)");
  private static final Pattern NAME = Pattern.compile("\\{@code ([a-z0-9.]+)}");
  private static final Pattern NO_CODE =
      Pattern.compile(
          "\"\"\"(?s:.*?)\"\"\"|/\\*(?s:.*?)\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"");
  private static final Pattern USE =
      Pattern.compile("\\borg\\.iommulab\\.([a-z0-9_]+(?:\\.[a-z0-9_]+)*)\\.[A-Z]");

  private final String name;
  private final String sentence;
  private final Set<String> imports;
  private final List<List<String>> floors;

  private Door(String name, String sentence, Set<String> imports, List<List<String>> floors) {
    this.name = name;
    this.sentence = sentence;
    this.imports = imports;
    this.floors = floors;
  }

  /** Every package of the program; the floors from the ground up. */
  static List<Door> all(List<List<String>> floors) throws IOException {
    Path root = Project.file("src/main/java/org/iommulab");
    var doors = new ArrayList<Door>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(file -> file.endsWith("package-info.java")).sorted().toList()) {
        Path folder = file.getParent();
        String name = root.relativize(folder).toString().replace('/', '.');
        doors.add(new Door(name, sentence(file), imports(folder, name), floors));
      }
    }
    return doors;
  }

  private static String sentence(Path file) throws IOException {
    String words =
        Files.readString(file)
            .replaceAll("(?s)/\\*\\*|\\*/.*", "")
            .replaceAll("\\s*\\n \\*\\s*", " ")
            .replaceAll("\\s+", " ");
    Matcher may = MAY.matcher(words);
    return may.find() ? may.group(1) : "";
  }

  private static Set<String> imports(Path folder, String name) throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        Matcher use = USE.matcher(NO_CODE.matcher(Files.readString(file)).replaceAll(""));
        while (use.find()) {
          found.add(use.group(1));
        }
      }
    }
    found.remove(name);
    return found;
  }

  /** The package, without {@code org.iommulab}. */
  String name() {
    return name;
  }

  /** Where the sentence is not true, and what to do. */
  List<String> lies() {
    String file = "src/main/java/org/iommulab/" + name.replace('.', '/') + "/package-info.java";
    if (sentence.isEmpty()) {
      return List.of(file + " has no sentence \"May import …\"");
    }
    var named = new HashSet<String>();
    Matcher names = NAME.matcher(sentence);
    while (names.find()) {
      named.add(names.group(1));
    }
    boolean below = sentence.contains("the floors below");
    var lies = new ArrayList<String>();
    for (String other : imports) {
      boolean allowed = named.stream().anyMatch(each -> covers(each, other));
      if (!allowed && !(below && floor(other) < floor(name))) {
        lies.add(ROOT + name + " uses " + other + ": say so in " + file + " or do without");
      }
    }
    for (String each : named) {
      if (imports.stream().noneMatch(other -> covers(each, other))) {
        lies.add(file + " names " + each + ", which is not used: leave it out");
      }
    }
    return lies;
  }

  private static boolean covers(String named, String other) {
    if (!named.endsWith("..")) {
      return named.equals(other);
    }
    String stem = named.substring(0, named.length() - 2);
    return other.equals(stem) || other.startsWith(stem + ".");
  }

  private int floor(String other) {
    String top = other.split("\\.", -1)[0];
    for (int i = 0; i < floors.size(); i++) {
      if (floors.get(i).contains(top)) {
        return i;
      }
    }
    return Integer.MAX_VALUE;
  }
}
