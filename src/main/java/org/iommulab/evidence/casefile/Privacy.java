package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.KernelLog;

/**
 * Replaces what names a machine or a person and says nothing about an IOMMU: hosts, users, MAC
 * addresses, serial numbers, UUIDs, addresses of the network. The same as {@code packaging/collect}
 * does.
 */
public final class Privacy {

  private static final Pattern MAC =
      Pattern.compile("\\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5,7}\\b");
  private static final Pattern UUID =
      Pattern.compile("\\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\\b");
  private static final Pattern SERIAL =
      Pattern.compile(
          "(?i)\\b(serial(?:[ _-]?(?:number|no|num))?|SerialNumber|S/N|asset tag)([:= ]{1,3})"
              + "(?!console|port|bus|8250|driver|ata)([^\\s,;]{3,64})");
  private static final Pattern NETWORK =
      Pattern.compile("\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b(?![.\\d-])");
  private static final Pattern HOME = Pattern.compile("/home/([^/\\s\"']{1,64})");
  private static final Pattern MAIL =
      Pattern.compile("\\b[\\w.+-]{1,64}@[\\w-]{1,64}(?:\\.[\\w-]{1,64})*\\b");
  private static final Pattern LABEL =
      Pattern.compile(
          "\\b(?:hostname|Hostname|HOSTNAME|_HOSTNAME\"?)\\s*[:=]\\s*\"?([\\w.-]{2,64})");
  private static final Set<String> COMMON =
      Set.of("localhost", "root", "kernel", "pci", "host", "debian", "ubuntu", "fedora", "user");

  private final List<Pattern> names = new ArrayList<>();

  private Privacy(Set<String> found) {
    for (String name : found) {
      if (name.length() > 2 && !COMMON.contains(name)) {
        names.add(Pattern.compile("\\b" + Pattern.quote(name) + "\\b"));
      }
    }
  }

  /** What hides the names that a case knows. */
  public static Privacy of(Case opened) {
    var found = new LinkedHashSet<String>();
    for (KernelLog log : opened.logs()) {
      log.hosts().forEach(host -> add(host, found));
      for (KernelLog.Line line : log.lines()) {
        look(line.text(), found);
      }
    }
    opened.commandLine().ifPresent(line -> look(line, found));
    return new Privacy(found);
  }

  private static void add(String host, Set<String> found) {
    found.add(host);
    int dot = host.indexOf('.');
    if (dot > 0) {
      found.add(host.substring(0, dot));
    }
  }

  private static void look(String text, Set<String> found) {
    Matcher home = HOME.matcher(text);
    while (home.find()) {
      found.add(home.group(1));
    }
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      add(label.group(1), found);
    }
  }

  /** A text without them. */
  public String hide(String text) {
    String hidden = UUID.matcher(text).replaceAll("<uuid>");
    hidden = MAC.matcher(hidden).replaceAll("<mac>");
    hidden = MAIL.matcher(hidden).replaceAll("<name>@<host>");
    hidden = SERIAL.matcher(hidden).replaceAll("$1$2<serial>");
    hidden = NETWORK.matcher(hidden).replaceAll("<address>");
    for (Pattern name : names) {
      hidden = name.matcher(hidden).replaceAll("<name>");
    }
    return hidden;
  }
}
