package org.iommulab.lab.run.keys;

import java.util.List;
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
import org.iommulab.words.Bilingual;

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
            .orElseThrow(
                () -> new Complaint("there is no profile \"%s\"", "没有名为 \"%s\" 的机型配置", profile)),
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
          "there is no profile \"%s\"; profiles are %s",
          "没有名为 \"%s\" 的机型配置；现有 %s", profile, String.join(", ", Profiles.names()));
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
      throw new Complaint(
          "\"aw_bits\" must be 39, 48 or 57, not %d",
          "\"aw_bits\" 必须是 39、48 或 57，而不是 %d", options.awBits());
    }
    Optional<Bilingual> objection = Profiles.objection(profile, options);
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
              + " 4096 bytes of the register window",
          "按这些 \"cap\" 和 \"ecap\"，故障记录或 IOTLB 寄存器会落在 4096 字节的寄存器窗口之外");
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
              "\"%s\" must be \"none\", \"unbounded\" or {\"sets\":16,\"ways\":4}, not %s",
              "\"%s\" 必须是 \"none\"、\"unbounded\" 或 {\"sets\":16,\"ways\":4}，而不是 %s", key, other);
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
                  "\"%s\": the policy is lru, plru, fifo or random, not %s",
                  "\"%s\"：替换策略为 lru、plru、fifo 或 random，而不是 %s", key, policy);
        };
    try {
      return new CacheGeometry(size(map, "sets"), size(map, "ways"), chosen);
    } catch (IllegalArgumentException e) {
      throw new Complaint(
          "\"%s\": %s",
          "\"%s\"：%s",
          key,
          new Bilingual(String.valueOf(e.getMessage()), "组数必须是 2 的幂；树形伪 LRU 需要 2、4、8、16 或 32 路"));
    }
  }

  private static int size(Map<?, ?> map, String key) throws Complaint {
    if (map.get(key) instanceof Long value && value > 0 && value <= 4096) {
      return value.intValue();
    }
    throw new Complaint(
        "\"%s\" of a cache must be a number from 1 to 4096", "缓存的 \"%s\" 必须是 1 到 4096 之间的数字", key);
  }
}
