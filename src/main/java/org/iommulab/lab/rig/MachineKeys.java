package org.iommulab.lab.rig;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Nearest;
import org.iommulab.vtd.CacheGeometry;
import org.iommulab.vtd.Capabilities;
import org.iommulab.vtd.MachineOptions;
import org.iommulab.vtd.Profiles;
import org.iommulab.vtd.UnitConfiguration;
import org.iommulab.vtd.tables.RegisterValues;

/** Builds a machine from the keys of a {@code machine} line. */
final class MachineKeys {

  /** Keys that only speak to the reader. */
  private static final Set<String> COMMENTS = Set.of("name", "note", "tags");

  private final Map<String, Object> keys;
  private final Set<String> known = new LinkedHashSet<>();

  private MachineKeys(Map<String, Object> keys) {
    this.keys = keys;
    known.addAll(COMMENTS);
  }

  /** The machine without a machine line: the laboratory's own. */
  static MachineSpec byDefault(String profile) throws Complaint {
    checkProfile(profile);
    return MachineSpec.laboratory(profile);
  }

  static MachineSpec read(Map<String, Object> keys, String defaultProfile) throws Complaint {
    return new MachineKeys(keys).spec(defaultProfile);
  }

  private MachineSpec spec(String defaultProfile) throws Complaint {
    String profile = word("profile", defaultProfile);
    checkProfile(profile);
    String board = choice("board", "script", List.of("script", "laboratory"));
    MachineOptions options = options();
    boolean laboratory = board.equals("laboratory");
    if (laboratory && !options.equals(MachineOptions.DEFAULT)) {
      throw new Complaint("on the laboratory board \"cap\" and \"ecap\" say what the unit can do");
    }
    MachineSpec spec =
        laboratory ? MachineSpec.laboratory(profile) : MachineSpec.script(profile, options);
    MachineSpec.UnitPlacement unit = spec.units().getFirst();
    UnitConfiguration configuration = caches(capabilities(unit.configuration()));
    for (String key : keys.keySet()) {
      if (!known.contains(key)) {
        throw new Complaint("a machine has no key \"" + key + "\"" + Nearest.hint(key, known));
      }
    }
    return new MachineSpec(
        spec.ram(),
        List.of(
            new MachineSpec.UnitPlacement(
                configuration, unit.base(), unit.segment(), unit.scope())),
        spec.devices());
  }

  private static void checkProfile(String profile) throws Complaint {
    if (!Profiles.names().contains(profile)) {
      throw new Complaint(
          "there is no profile \""
              + profile
              + "\"; profiles are "
              + String.join(", ", Profiles.names()));
    }
  }

  private MachineOptions options() throws Complaint {
    MachineOptions normal = MachineOptions.DEFAULT;
    var options =
        new MachineOptions(
            (int) number("aw_bits", normal.awBits()),
            flag("caching_mode", normal.cachingMode()),
            flag("scalable", normal.scalable()),
            flag("pasid", normal.pasid()),
            flag("device_iotlb", normal.deviceIotlb()),
            flag("snoop_control", normal.snoopControl()),
            flag("dma_drain", normal.dmaDrain()),
            flag("dma_translation", normal.dmaTranslation()),
            flag("pass_through", normal.passThrough()),
            flag("intremap", normal.intremap()),
            flag("eim", normal.eim()));
    if (!Set.of(39, 48, 57).contains(options.awBits())) {
      throw new Complaint("\"aw_bits\" must be 39, 48 or 57, not " + options.awBits());
    }
    if (options.pasid() && (!options.scalable() || options.deviceIotlb())) {
      throw new Complaint("\"pasid\" needs \"scalable\" and does not go with \"device_iotlb\"");
    }
    if (options.scalable() && !options.dmaDrain()) {
      throw new Complaint("\"scalable\" needs \"dma_drain\"");
    }
    return options;
  }

  private UnitConfiguration capabilities(UnitConfiguration unit) throws Complaint {
    Capabilities own = unit.capabilities();
    long cap = number("cap", own.cap());
    long ecap = number("ecap", own.ecap());
    var wanted = new Capabilities(cap, ecap, own.version(), own.hostAddressWidth());
    int records = wanted.faultRecordOffset() + 16 * wanted.faultRecords();
    if (Math.max(records, wanted.iotlbOffset() + 16) > RegisterValues.WINDOW_BYTES) {
      throw new Complaint(
          "with these \"cap\" and \"ecap\" fault records or IOTLB registers lie behind the"
              + " 4096 bytes of the register window");
    }
    return unit.withCapabilities(wanted);
  }

  private UnitConfiguration caches(UnitConfiguration unit) throws Complaint {
    return unit.withIotlb(cache("iotlb", unit.iotlb()))
        .withContextCache(cache("context_cache", unit.contextCache()))
        .withPasidCache(cache("pasid_cache", unit.pasidCache()))
        .withPagingCache(cache("paging_cache", unit.pagingCache()));
  }

  private CacheGeometry cache(String key, CacheGeometry otherwise) throws Complaint {
    known.add(key);
    return switch (keys.get(key)) {
      case null -> otherwise;
      case String text when text.equals("none") -> CacheGeometry.none();
      case String text when text.equals("unbounded") -> CacheGeometry.unbounded();
      case Map<?, ?> map -> geometry(key, map);
      case Object other ->
          throw new Complaint(
              "\"%s\" must be \"none\", \"unbounded\" or {\"sets\":16,\"ways\":4}, not %s"
                  .formatted(key, other));
    };
  }

  private static CacheGeometry geometry(String key, Map<?, ?> map) throws Complaint {
    Object policy = map.containsKey("policy") ? map.get("policy") : "lru";
    CacheGeometry.Policy chosen =
        switch (String.valueOf(policy)) {
          case "lru" -> CacheGeometry.Policy.LEAST_RECENTLY_USED;
          case "plru" -> CacheGeometry.Policy.TREE_PSEUDO_LRU;
          case "fifo" -> CacheGeometry.Policy.FIRST_IN_FIRST_OUT;
          case "random" -> CacheGeometry.Policy.RANDOM;
          default ->
              throw new Complaint(
                  "\"" + key + "\": the policy is lru, plru, fifo or random, not " + policy);
        };
    try {
      return new CacheGeometry(size(map, "sets"), size(map, "ways"), chosen);
    } catch (IllegalArgumentException e) {
      throw new Complaint("\"" + key + "\": " + e.getMessage());
    }
  }

  private static int size(Map<?, ?> map, String key) throws Complaint {
    if (map.get(key) instanceof Long value && value > 0 && value <= 4096) {
      return value.intValue();
    }
    throw new Complaint("\"" + key + "\" of a cache must be a number from 1 to 4096");
  }

  private long number(String key, long otherwise) throws Complaint {
    known.add(key);
    return switch (keys.get(key)) {
      case null -> otherwise;
      case Long value -> value;
      case String text -> {
        try {
          yield Json.number(text);
        } catch (Complaint e) {
          throw new Complaint("\"" + key + "\" " + e.sentence());
        }
      }
      case Object other -> throw new Complaint("\"" + key + "\" must be a number, not " + other);
    };
  }

  private boolean flag(String key, boolean otherwise) throws Complaint {
    known.add(key);
    return switch (keys.get(key)) {
      case null -> otherwise;
      case Boolean value -> value;
      case Object other ->
          throw new Complaint("\"" + key + "\" must be true or false, not " + other);
    };
  }

  private String word(String key, String otherwise) throws Complaint {
    known.add(key);
    return switch (keys.get(key)) {
      case null -> otherwise;
      case String text -> text;
      case Object other -> throw new Complaint("\"" + key + "\" must be a text, not " + other);
    };
  }

  private String choice(String key, String otherwise, Collection<String> choices) throws Complaint {
    String word = word(key, otherwise);
    if (!choices.contains(word)) {
      throw new Complaint(
          "\"" + key + "\" must be " + String.join(" or ", choices) + ", not \"" + word + "\"");
    }
    return word;
  }
}
