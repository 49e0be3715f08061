package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.Kernel;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Devices that are given to a process: K37, K39, K42, T14. */
final class AssignmentRules {

  private final ProcessBooks books;
  private final Set<String> probed = new HashSet<>();
  private final Map<String, String> overrides = new HashMap<>();
  private String bootLine = "";
  private boolean withoutCaching;

  AssignmentRules(ProcessBooks books) {
    this.books = books;
  }

  void booted(String cmdline) {
    probed.clear();
    overrides.clear();
    withoutCaching = false;
    bootLine = cmdline;
  }

  // ---- which driver has which device ------------------------------------------------------------

  void sysfs(Step step) {
    String path = step.text("path");
    String value = step.text("value");
    if (path.endsWith("/driver_override")) {
      String[] parts = path.split("/");
      overrides.put(parts[parts.length - 2], value);
    } else if (path.endsWith("drivers_probe")) {
      probed.add(value);
    } else if (path.endsWith("/unbind")) {
      probed.remove(value);
    }
  }

  /** A call that binds a device to an iommufd or a container, or attaches it. */
  void bound(Step step, boolean binds, @Nullable PciDevice bound) {
    String errno = step.errnoOr("");
    PciDevice device = bound == null ? last(step) : bound;
    Object name = device == null ? Wording.THE_DEVICE.with() : device.name();
    if (device != null && errno.isEmpty()) {
      books.hand(device.source());
    }
    if (errno.equals("EINVAL")) {
      firmware(step, device, name);
    }
    if (binds && (errno.isEmpty() || errno.equals("EPERM"))) {
      sibling(step, device, name);
      interrupts(step, name);
    }
  }

  /** The device that was last handed to vfio-pci. */
  private static @Nullable PciDevice last(Step step) {
    PciDevice found = null;
    for (PciDevice device : step.rig().machine().devices()) {
      if (isOwned(step, device.source())) {
        found = device;
      }
    }
    return found;
  }

  private static boolean isOwned(Step step, SourceId device) {
    return groups(step).stream()
        .anyMatch(group -> group.devices().contains(device) && group.owner() != null);
  }

  private static List<GroupView> groups(Step step) {
    return step.kernel().map(Kernel::groups).orElse(List.of());
  }

  /** K37: firmware needs memory for it. */
  private static void firmware(Step step, @Nullable PciDevice device, Object name) {
    String cause = step.cause().toLowerCase(Locale.ROOT);
    if (!cause.contains("rmrr") && !cause.contains("firmware") && !cause.contains("reserved")) {
      return;
    }
    Bilingual where = new Bilingual(step.cause(), "RMRR");
    for (GroupView group : groups(step)) {
      for (GroupView.Reserved range : group.reserved()) {
        boolean own = device != null && group.devices().contains(device.source());
        if (own && range.type().startsWith("direct")) {
          where = Wording.FIRMWARE_RANGE.with(Digits.of(range.start()), Digits.of(range.last()));
        }
      }
    }
    step.raise("K37", name, List.of(Evidence.command(step.number())), List.of(), name, where);
  }

  /** K39: somebody else of the group still belongs to the kernel. */
  private void sibling(Step step, @Nullable PciDevice device, Object name) {
    boolean refused = "EPERM".equals(step.errno());
    boolean driven = refused && step.cause().contains("driver");
    for (GroupView group : groups(step)) {
      boolean own = device != null && group.devices().contains(device.source());
      if (!own && !(refused && group.devices().size() > 1)) {
        continue;
      }
      for (SourceId other : group.devices()) {
        boolean itself = overrides.containsKey(other.address());
        if (!itself && (probed.contains(other.address()) || driven)) {
          String path =
              String.format(
                  Locale.ROOT,
                  "\"path\":\"/sys/bus/pci/devices/%s/driver/unbind\",\"value\":\"%s\"",
                  other.address(),
                  other.address());
          step.raise(
              "K39",
              group.id(),
              List.of(Evidence.command(step.number())),
              List.of(Remedy.call("sysfs_write", path)),
              step.name(other),
              name);
          return;
        }
      }
    }
  }

  /** T14: interrupts of an assigned device are not checked. */
  private void interrupts(Step step, Object name) {
    boolean remaps =
        step.rig().machine().units().stream()
            .anyMatch(
                unit ->
                    RegisterLayouts.GSTS
                        .field("IRES")
                        .isSet(unit.read(RegisterLayouts.GSTS.position(), 4)));
    boolean switchedOff = bootLine.contains("intremap=off") || bootLine.contains("nointremap");
    boolean refused = "EPERM".equals(step.errno()) && step.cause().contains("interrupt");
    if (!remaps && (switchedOff || refused)) {
      step.raise("T14", name, List.of(Evidence.command(step.number())), List.of(), name);
    }
  }

  // ---- guests
  // ------------------------------------------------------------------------------------

  void guestStarted(Step step) {
    withoutCaching =
        Boolean.TRUE.equals(step.args().get("viommu"))
            && Boolean.FALSE.equals(step.args().getOrDefault("caching_mode", false));
  }

  /** K42: the guest would not announce what it maps. */
  void attached(Step step) {
    PciDevice device = step.device(step.args().getOrDefault("device", "")).orElse(null);
    if (device == null) {
      return;
    }
    if (step.errno() == null) {
      books.hand(device.source());
    }
    if (withoutCaching) {
      step.raise(
          "K42",
          device.source(),
          List.of(Evidence.command(step.number())),
          List.of(),
          device.name());
    }
  }
}
