package org.iommulab.lab.run.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.MachineFields;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.machine.MachineSpec.UnitPlacement;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Names;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.words.Bilingual;

/** Builds a machine from the keys of a {@code machine} line. */
public final class MachineKeys {

  private static final int UNIT_BYTES = 4096;

  private final Arguments keys;

  private MachineKeys(Map<String, Object> keys) throws Complaint {
    this.keys =
        Arguments.of(new Bilingual("a machine", "机器"), keys, new Names(), MachineFields.MACHINE);
  }

  /** The machine without a machine line: the laboratory's own. */
  public static MachineSpec byDefault(String profile) throws Complaint {
    UnitKeys.checkProfile(profile);
    return MachineSpec.laboratory(profile);
  }

  public static MachineSpec read(Map<String, Object> keys, String defaultProfile) throws Complaint {
    return new MachineKeys(keys).spec(defaultProfile);
  }

  private MachineSpec spec(String defaultProfile) throws Complaint {
    var units = new UnitKeys(keys);
    String profile = units.profile(defaultProfile);
    String name = keys.choice("board", "script", List.of("script", "laboratory", "client"));
    MachineSpec board = board(name, profile, units.options(profile));
    boolean isShaped = name.equals("script") && !Profiles.isRealMachine(profile);
    var functions = new BoardKeys(keys, board);
    MachineSpec spec =
        new MachineSpec(
            board.ram(),
            keys.has("units")
                ? listed(profile, functions)
                : adjusted(board.units(), units, isShaped),
            functions.devices(),
            functions.bridges(),
            functions.reserved());
    functions.check();
    return spec;
  }

  private static MachineSpec board(String name, String profile, MachineOptions options) {
    if (name.equals("script")) {
      return MachineSpec.script(profile, options);
    }
    return name.equals("client") ? MachineSpec.client(profile) : MachineSpec.laboratory(profile);
  }

  /**
   * The board's units as the line wants them.
   *
   * @param isShaped whether they have the line's options already
   */
  private List<UnitPlacement> adjusted(List<UnitPlacement> board, UnitKeys wanted, boolean isShaped)
      throws Complaint {
    if (board.size() > 1 && (keys.has("cap") || keys.has("ecap"))) {
      throw new Complaint(
          "this board has %d units; say in \"units\" which one has this \"cap\" and \"ecap\"",
          "这块主板有 %d 个单元；请在 \"units\" 中说明哪一个具有这些 \"cap\" 和 \"ecap\"", board.size());
    }
    var units = new ArrayList<UnitPlacement>();
    for (UnitPlacement unit : board) {
      units.add(
          new UnitPlacement(
              wanted.adjusted(unit.configuration(), isShaped),
              unit.base(),
              unit.segment(),
              unit.scopes()));
    }
    return units;
  }

  private List<UnitPlacement> listed(String profile, BoardKeys functions) throws Complaint {
    var units = new ArrayList<UnitPlacement>();
    for (Arguments own : keys.list("units", new Bilingual("unit", "单元"), MachineFields.UNIT)) {
      Arguments merged = own.withDefaults(keys, UnitKeys.NAMES);
      long usual = MachineSpec.MMIO_BASE + (long) units.size() * UNIT_BYTES;
      long base = merged.numberOr("base", usual);
      if (base % UNIT_BYTES != 0) {
        throw merged.wrong(
            "base", "must be a multiple of 4096, not %s", "必须是 4096 的整数倍，而不是 %s", Json.hex(base));
      }
      int segment = (int) merged.between("segment", 0, 0, 0xFFFF);
      units.add(
          new UnitPlacement(
              new UnitKeys(merged).unit(profile), base, segment, functions.scopes(merged)));
    }
    if (units.isEmpty()) {
      throw keys.wrong("units", "must list at least one unit", "必须列出至少一个单元");
    }
    return units;
  }
}
