package org.iommulab.lab.run.keys;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.language.MachineFields;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.tables.RegisterValues;

/** Builds a remapping unit from the keys that say what it can do. */
final class UnitKeys {

  /** The keys that shape a unit: on a machine line they are for all its units. */
  static final List<String> NAMES = MachineFields.UNIT_SHAPE.stream().map(Field::name).toList();

  private final Arguments keys;

  UnitKeys(Arguments keys) {
    this.keys = keys;
  }

  String profile(String otherwise) throws Complaint {
    String profile = keys.textOr("profile", otherwise);
    checkProfile(profile);
    return profile;
  }

  /** A unit of a profile with the keys' capabilities and caches. */
  UnitConfiguration unit(String defaultProfile) throws Complaint {
    String profile = profile(defaultProfile);
    return adjusted(
        Profiles.named(profile, options(profile))
            .orElseThrow(() -> new Complaint("there is no profile \"" + profile + "\"")),
        !Profiles.isRealMachine(profile));
  }

  /**
   * A board's unit with the keys' registers and caches.
   *
   * @param isShaped whether it has the options already
   */
  UnitConfiguration adjusted(UnitConfiguration unit, boolean isShaped) throws Complaint {
    Set<String> given = NAMES.stream().filter(keys::has).collect(Collectors.toSet());
    UnitConfiguration optioned =
        isShaped ? unit : Profiles.adjusted(unit, options(unit.profile()), given);
    UnitConfiguration adjusted = caches(capabilities(optioned));
    UnitConfiguration held =
        keys.flag("hold_writes") ? adjusted.with(Quirk.PROCESSOR_WRITES_ARE_HELD_BACK) : adjusted;
    return keys.flagOr("answers", true) ? held : held.with(Quirk.DOES_NOT_ANSWER);
  }

  static void checkProfile(String profile) throws Complaint {
    if (!Profiles.names().contains(profile)) {
      throw new Complaint(
          "there is no profile \""
              + profile
              + "\"; profiles are "
              + String.join(", ", Profiles.names()));
    }
  }

  /** The options of the line, as a profile takes them. */
  MachineOptions options(String profile) throws Complaint {
    MachineOptions options =
        MachineOptions.DEFAULT
            .withAwBits((int) keys.numberOr("aw_bits", MachineOptions.DEFAULT.awBits()))
            .withPasidBits((int) keys.between("pasid_bits", 0, 0, 20))
            .withVersion((int) keys.between("version", 0, 0, 0xFF));
    for (MachineOption option : MachineOption.values()) {
      options = options.with(option, keys.flagOr(option.key(), option.isOnByDefault()));
    }
    if (!Set.of(39, 48, 57).contains(options.awBits())) {
      throw new Complaint("\"aw_bits\" must be 39, 48 or 57, not " + options.awBits());
    }
    Optional<String> objection = Profiles.objection(profile, options);
    if (objection.isPresent()) {
      throw new Complaint(objection.get());
    }
    return options;
  }

  private UnitConfiguration capabilities(UnitConfiguration unit) throws Complaint {
    Capabilities own = unit.capabilities();
    long cap = keys.numberOr("cap", own.cap());
    long ecap = keys.numberOr("ecap", own.ecap());
    var wanted = new Capabilities(cap, ecap, own.version(), own.hostAddressWidth());
    int records = wanted.faultRecordOffset() + 16 * wanted.faultRecords();
    if (Math.max(records, wanted.iotlbOffset() + 16) > RegisterValues.WINDOW_BYTES) {
      throw new Complaint(
          "with these \"cap\" and \"ecap\" fault records or IOTLB registers lie behind the"
              + " 4096 bytes of the register window");
    }
    return Profiles.withCapabilities(unit, wanted);
  }

  private UnitConfiguration caches(UnitConfiguration unit) throws Complaint {
    return unit.withIotlb(cache("iotlb", unit.iotlb()))
        .withContextCache(cache("context_cache", unit.contextCache()))
        .withPasidCache(cache("pasid_cache", unit.pasidCache()))
        .withPagingCache(cache("paging_cache", unit.pagingCache()))
        .withInterruptCache(cache("interrupt_cache", unit.interruptCache()));
  }

  private CacheGeometry cache(String key, CacheGeometry otherwise) throws Complaint {
    return switch (keys.value(key)) {
      case null -> otherwise;
      case String text when text.equals("none") -> CacheGeometry.none();
      case String text when text.equals("unbounded") -> CacheGeometry.unbounded();
      case Map<?, ?> map -> geometry(key, map);
      case Object other ->
          throw new Complaint(
              String.format(
                  Locale.ROOT,
                  "\"%s\" must be \"none\", \"unbounded\" or {\"sets\":16,\"ways\":4}, not %s",
                  key,
                  other));
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
}
