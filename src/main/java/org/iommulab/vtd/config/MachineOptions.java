package org.iommulab.vtd.config;

import java.util.EnumSet;
import java.util.Set;

/**
 * The keys of a script's machine line that shape the unit.
 *
 * @param awBits 39, 48 or 57; also the host address width (57 counts as 52)
 * @param pasidBits width of a PASID; 0 for what {@link MachineOption#PASID} says
 * @param version the VER register; 0 for the profile's own
 * @param on what is switched on
 */
public record MachineOptions(int awBits, int pasidBits, int version, Set<MachineOption> on) {

  /** What a machine line without keys means. */
  public static final MachineOptions DEFAULT = new MachineOptions(39, 0, 0, defaults());

  public MachineOptions {
    on = Set.copyOf(on);
  }

  private static Set<MachineOption> defaults() {
    var defaults = EnumSet.noneOf(MachineOption.class);
    for (MachineOption option : MachineOption.values()) {
      if (option.isOnByDefault()) {
        defaults.add(option);
      }
    }
    return defaults;
  }

  /** Tells whether an option is on. */
  public boolean has(MachineOption option) {
    return on.contains(option);
  }

  /** The same with an option on or off. */
  public MachineOptions with(MachineOption option, boolean isOn) {
    var options = EnumSet.noneOf(MachineOption.class);
    options.addAll(on);
    if (isOn) {
      options.add(option);
    } else {
      options.remove(option);
    }
    return new MachineOptions(awBits, pasidBits, version, options);
  }

  /** The same with another address width. */
  public MachineOptions withAwBits(int bits) {
    return new MachineOptions(bits, pasidBits, version, on);
  }

  /** The same with another PASID width. */
  public MachineOptions withPasidBits(int bits) {
    return new MachineOptions(awBits, bits, version, on);
  }

  /** The same with another version. */
  public MachineOptions withVersion(int number) {
    return new MachineOptions(awBits, pasidBits, number, on);
  }
}
