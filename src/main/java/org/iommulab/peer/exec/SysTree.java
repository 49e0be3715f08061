package org.iommulab.peer.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.KernelView;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code /sys} and {@code /dev} that the laboratory's kernel shows, as real files below
 * a folder of its own, so that listing, {@code stat()} and reading are the host kernel's affair.
 * What can change is written anew with {@link #refresh}.
 */
final class SysTree {

  /** What belongs to the laboratory; below these the machine's own files are not seen. */
  private static final List<String> OURS =
      List.of(
          "/dev/iommu",
          "/dev/vfio",
          "/sys/bus/pci",
          "/sys/class/iommu",
          "/sys/class/misc/iommu",
          "/sys/class/misc/vfio",
          "/sys/class/vfio",
          "/sys/class/vfio-dev",
          "/sys/kernel/debug",
          "/sys/kernel/iommu_groups",
          "/sys/module/vfio",
          "/sys/module/vfio_pci",
          "/sys/module/vfio_iommu_type1",
          "/sys/module/iommufd");

  /** Where nodes and their numbers lie. */
  private static final List<String> NODE_FOLDERS =
      List.of("/dev", "/sys/class/misc", "/sys/class/vfio", "/sys/class/vfio-dev");

  /** Names in {@code /proc/devices} and {@code /proc/misc}. */
  private static final Set<String> LISTED = Set.of("vfio", "vfio-dev", "iommu");

  private static final int MISC_MAJOR = 10;

  private final Path root;
  private final Map<String, KernelView.DeviceNode> nodes = new LinkedHashMap<>();
  private final Supplier<LabView> laboratory;

  /**
   * Writes everything.
   *
   * @param laboratory what can be seen of it whenever something is written
   */
  SysTree(Path root, Supplier<LabView> laboratory) throws IOException {
    this.root = root;
    this.laboratory = laboratory;
    for (String module : List.of("vfio", "vfio_pci", "vfio_iommu_type1")) {
      folder("/sys/module/" + module);
    }
    for (String fault : List.of("failslab", "fail_page_alloc")) {
      knobs(fault);
    }
    folder("/sys/kernel/debug/iommu/intel");
    for (String attribute : List.of("bind", "unbind", "new_id")) {
      text("/sys/bus/pci/drivers/vfio-pci/" + attribute, "");
    }
    text("/sys/bus/pci/drivers_probe", "");
    refresh();
  }

  /** The folder that stands for {@code /}. */
  Path root() {
    return root;
  }

  /** Tells whether a path, absolute and without dots, belongs to the laboratory. */
  static boolean owns(String path) {
    for (String prefix : OURS) {
      if (path.startsWith(prefix)
          && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells whether a path, absolute, is one of the laboratory's or comes through one on its way up,
   * so that the machine would not find it.
   */
  static boolean leadsThrough(String path) {
    for (int up = path.indexOf("/.."); up >= 0; up = path.indexOf("/..", up + 1)) {
      if (owns(Path.of(path.substring(0, up)).normalize().toString())) {
        return true;
      }
    }
    return owns(Path.of(path).normalize().toString());
  }

  /** The real file that stands for a path, which is itself if it is none of ours. */
  String real(String path) {
    return owns(path) ? root + path : path;
  }

  /** Writes what may have changed: devices, their drivers and groups. */
  void refresh() {
    try {
      rewrite();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rewrite() throws IOException {
    LabView view = laboratory.get();
    MachineView machine = view.machine().orElseThrow();
    KernelView kernel = view.kernel().orElseThrow();
    clearNodes();
    for (var device : machine.devices()) {
      if (device.kind().isPci()) {
        device(device, machine, kernel);
      }
    }
    for (int i = 0; i < machine.units().size(); i++) {
      String unit = "/sys/class/iommu/dmar" + i + "/intel-iommu/";
      text(unit + "cap", hex(machine.units().get(i).read(0x08, 8)));
      text(unit + "ecap", hex(machine.units().get(i).read(0x10, 8)));
    }
    nodes(kernel);
  }

  private void clearNodes() throws IOException {
    for (String folder : NODE_FOLDERS) {
      clear(folder);
    }
    nodes.clear();
  }

  /** What a kernel of that age has, so that nothing is found that came later. */
  private void nodes(KernelView kernel) throws IOException {
    for (KernelView.DeviceNode node : kernel.nodes()) {
      nodes.put(node.path(), node);
      text(node.path(), "");
      text(node.inSysfs() + "/dev", node.major() + ":" + node.minor());
    }
    if (nodes.containsKey("/dev/iommu")) {
      folder("/sys/module/iommufd");
      knobs("fail_iommufd");
    }
  }

  private void knobs(String fault) throws IOException {
    for (String knob : List.of("ignore-gfp-wait", "ignore-gfp-highmem", "verbose")) {
      text("/sys/kernel/debug/" + fault + "/" + knob, "N");
    }
  }

  /** The device that a path is the node of; null if it is none. */
  KernelView.@Nullable DeviceNode node(String path) {
    return nodes.get(path);
  }

  /**
   * {@code /proc/devices} or {@code /proc/misc} with our kernel's VFIO and iommufd in place of the
   * machine's.
   */
  String listed(List<String> lines, String path) {
    boolean majors = path.endsWith("devices");
    var ours = new LinkedHashSet<String>();
    for (KernelView.DeviceNode node : nodes.values()) {
      if (!majors && node.major() == MISC_MAJOR) {
        String name = node.inSysfs().substring(node.inSysfs().lastIndexOf('/') + 1);
        ours.add(String.format(Locale.ROOT, "%3d %s", node.minor(), name));
      } else if (majors && node.major() != MISC_MAJOR) {
        ours.add(String.format(Locale.ROOT, "%3d %s", node.major(), node.driver()));
      }
    }
    var all = new ArrayList<String>(lines);
    all.removeIf(line -> LISTED.contains(line.substring(line.lastIndexOf(' ') + 1)));
    // Character devices come first, up to an empty line.
    int at = majors && all.contains("") ? all.indexOf("") : all.size();
    all.addAll(at, ours);
    return String.join("\n", all) + "\n";
  }

  private void device(PciDevice device, MachineView machine, KernelView kernel) throws IOException {
    String address = address(device);
    String at = "/sys/bus/pci/devices/" + address + "/";
    KernelView.SysfsDevice pci = kernel.sysfs(device.source()).orElse(null);
    if (pci == null) {
      return;
    }
    if (pci.absent()) {
      remove("/sys/bus/pci/devices/" + address);
      remove("/sys/bus/pci/drivers/vfio-pci/" + address);
      return;
    }
    List<KernelView.SysfsDevice> virtual = pci.virtualFunctions();
    text(at + "sriov_totalvfs", Integer.toString(virtual.size()));
    text(at + "sriov_numvfs", Long.toString(virtual.stream().filter(one -> !one.absent()).count()));
    for (int i = 0; i < virtual.size(); i++) {
      Path link = root.resolve((at + "virtfn" + i).substring(1));
      Files.deleteIfExists(link);
      if (!virtual.get(i).absent()) {
        link(at + "virtfn" + i, "../" + virtual.get(i).address());
      }
    }
    text(at + "vendor", String.format(Locale.ROOT, "0x%04x", pci.identity().vendor()));
    text(at + "device", String.format(Locale.ROOT, "0x%04x", pci.identity().device()));
    text(at + "class", String.format(Locale.ROOT, "0x%06x", pci.identity().classCode()));
    text(at + "subsystem_vendor", "0x0000");
    text(at + "subsystem_device", "0x0000");
    text(at + "revision", "0x00");
    text(at + "numa_node", "-1");
    text(at + "driver_override", "(null)");
    text(at + "iommu/intel-iommu/cap", hex(machine.unit().read(0x08, 8)));
    var resource = new StringBuilder();
    for (int bar = 0; bar < 7; bar++) {
      boolean there = bar < pci.bars().size();
      long start = there ? pci.bars().get(bar).start() : 0;
      long last = there ? pci.bars().get(bar).end() - 1 : 0;
      resource.append(
          String.format(
              Locale.ROOT, "0x%016x 0x%016x 0x%016x\n", start, last, there ? 0x40200 : 0));
    }
    Files.writeString(root.resolve(at.substring(1) + "resource"), resource);
    for (GroupView group : kernel.groups()) {
      if (group.devices().contains(device.source())) {
        folder("/sys/kernel/iommu_groups/" + group.id() + "/devices");
        link(at + "iommu_group", "../../../../kernel/iommu_groups/" + group.id());
        link(
            "/sys/kernel/iommu_groups/" + group.id() + "/devices/" + address,
            "../../../../bus/pci/devices/" + address);
      }
    }
    Files.deleteIfExists(root.resolve(at.substring(1) + "driver"));
    clear(at + "vfio-dev");
    for (KernelView.Assigned assigned : kernel.assignedDevices()) {
      if (assigned.device().equals(device.source())) {
        link(at + "driver", "../../drivers/vfio-pci");
        if (kernel.showsVfioDevices()) {
          String folder = "vfio-dev/vfio" + assigned.number();
          folder(at + folder);
          link("/sys/class/" + folder, "../../bus/pci/devices/" + address + "/" + folder);
        }
        link("/sys/bus/pci/drivers/vfio-pci/" + address, "../../devices/" + address);
      }
    }
    folder("/sys/kernel/debug/iommu/intel/" + address);
  }

  /** A device's address with its segment, as sysfs writes it. */
  static String address(PciDevice device) {
    String text = device.source().toString();
    return text.chars().filter(c -> c == ':').count() == 1 ? "0000:" + text : text;
  }

  private static String hex(long value) {
    return Long.toHexString(value);
  }

  private void folder(String path) throws IOException {
    Files.createDirectories(root.resolve(path.substring(1)));
  }

  private void text(String path, String content) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, content.isEmpty() ? "" : content + "\n");
  }

  private void link(String path, String to) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Files.createSymbolicLink(file, Path.of(to));
  }

  private void remove(String path) throws IOException {
    Path file = root.resolve(path.substring(1));
    if (Files.isSymbolicLink(file) || Files.exists(file)) {
      deleteAll(file);
    }
  }

  private void clear(String path) throws IOException {
    Path folder = root.resolve(path.substring(1));
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        deleteAll(entry);
      }
    }
  }

  static void deleteAll(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
