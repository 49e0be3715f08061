package org.iommulab.evidence.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * IOMMU groups: which devices cannot be told apart.
 *
 * @param members devices {@code bb:dd.f} by group
 * @param types domain types by group, where the text says them
 */
public record Groups(Map<Integer, List<String>> members, Map<Integer, String> types) {

  private static final String DEVICE = "[0-9a-f]{4,5}:([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])";
  private static final List<Pattern> FORMS =
      List.of(
          Pattern.compile("iommu_groups/(\\d{1,6})/devices/" + DEVICE),
          Pattern.compile("(?i)^(?:IOMMU )?group[: ]*(\\d{1,6})\\b.*?" + DEVICE));
  private static final Pattern TYPE = Pattern.compile("(?i)^group (\\d{1,6}) type=(\\S+)");

  public Groups {
    members = Map.copyOf(members);
    types = Map.copyOf(types);
  }

  /** The group of a device. */
  public Optional<Integer> of(String device) {
    return members.entrySet().stream()
        .filter(group -> group.getValue().contains(device))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Reads a listing of the folder, or of a script that prints groups. */
  public static Groups read(String text) {
    var members = new TreeMap<Integer, List<String>>();
    var types = new TreeMap<Integer, String>();
    for (String line : text.lines().toList()) {
      for (Pattern form : FORMS) {
        Matcher matcher = form.matcher(line);
        if (matcher.find()) {
          List<String> list =
              members.computeIfAbsent(
                  Integer.valueOf(matcher.group(1)), group -> new ArrayList<>());
          if (!list.contains(matcher.group(2))) {
            list.add(matcher.group(2));
          }
          break;
        }
      }
      Matcher type = TYPE.matcher(line);
      if (type.find()) {
        types.put(Integer.valueOf(type.group(1)), type.group(2));
      }
    }
    return new Groups(members, types);
  }
}
