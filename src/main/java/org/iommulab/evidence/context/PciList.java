package org.iommulab.evidence.context;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The devices of {@code lspci}, with or without {@code -nn}, {@code -vvv}.
 *
 * @param devices by {@code bb:dd.f}, in order
 */
public record PciList(Map<String, Device> devices) {

  private static final Pattern HEAD =
      Pattern.compile(
          "(?:([0-9a-f]{4,5}):)?([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]) (.{0,300}?)(?: \\(rev \\w+\\))?"
              + "(?: \\(prog-if .*\\))?\\s*");
  private static final Pattern IDS = Pattern.compile("\\[([0-9a-f]{4}:[0-9a-f]{4})\\]");
  private static final int MOST = 10_000;

  /**
   * One device.
   *
   * @param line of the text, from 1
   * @param name class and product as printed
   * @param ids {@code vendor:device}, if printed
   * @param driver in use, if printed
   * @param bridge true for a bridge
   * @param ats true if ATS is enabled
   * @param sourceValidation true if ACS keeps others from using its ids
   */
  public record Device(
      long line,
      String name,
      Optional<String> ids,
      Optional<String> driver,
      boolean bridge,
      boolean ats,
      boolean sourceValidation) {}

  public PciList {
    devices = Map.copyOf(devices);
  }

  /** Reads the text; lines of another form are left out. */
  public static PciList read(String text) {
    var devices = new LinkedHashMap<String, Device>();
    String current = null;
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher head = HEAD.matcher(line);
      if (head.matches() && devices.size() < MOST) {
        current = head.group(2);
        String name = head.group(3).replaceAll("\"", "");
        Matcher ids = IDS.matcher(name);
        devices.put(
            current,
            new Device(
                number,
                name.replaceAll(" ?\\[[0-9a-f:]{4,9}\\]", ""),
                ids.find() ? Optional.of(ids.group(1)) : Optional.empty(),
                Optional.empty(),
                name.toLowerCase(Locale.ROOT).contains("bridge"),
                false,
                false));
      } else if (current != null) {
        Device before = devices.get(current);
        if (before != null) {
          devices.put(current, detail(before, line.strip()));
        }
      }
    }
    return new PciList(devices);
  }

  private static Device detail(Device device, String line) {
    boolean driver = line.startsWith("Kernel driver in use: ");
    return new Device(
        device.line,
        device.name,
        device.ids,
        driver ? Optional.of(line.substring("Kernel driver in use: ".length())) : device.driver,
        device.bridge,
        device.ats || line.startsWith("ATSCtl:") && line.contains("Enable+"),
        device.sourceValidation || line.startsWith("ACSCtl:") && line.contains("SrcValid+"));
  }

  /** What a device is called. */
  public Optional<String> name(String bdf) {
    return Optional.ofNullable(devices.get(bdf)).map(Device::name);
  }
}
