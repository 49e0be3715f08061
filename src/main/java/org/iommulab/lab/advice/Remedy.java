package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.run.Rig;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Commands that mend something, as lines of a script. */
final class Remedy {

  private Remedy() {}

  /**
   * Puts descriptors and a wait into the queue, behind what is there. Without a queue the registers
   * do it, as far as they can.
   */
  static List<String> queue(Rig rig, int number, long... words) {
    RemappingUnit unit = rig.machine().units().get(number);
    long status = unit.read(RegisterLayouts.GSTS.position(), 4);
    if (!RegisterLayouts.GSTS.field("QIES").isSet(status)) {
      return registers(unit, number, words);
    }
    long address = unit.read(RegisterLayouts.IQA.position(), 8);
    long tail = unit.read(RegisterLayouts.IQT.position(), 8);
    boolean wide = RegisterLayouts.IQA.field("DW").isSet(address);
    long word = RegisterLayouts.IQA.field("IQA").get(address) + 0xFF0;
    var all = new ArrayList<String>();
    for (int i = 0; i < words.length; i += 2) {
      add(all, words[i], words[i + 1], wide);
    }
    add(all, 0x1_0000_0025L, word, wide);
    long bytes = all.size() * 8L;
    String write = write(RegisterLayouts.IQA.field("IQA").get(address) + tail, all);
    return List.of(write, register(RegisterLayouts.IQT.position(), 8, tail + bytes, number));
  }

  /** The register writes that do what descriptors ask for; none if one has no such register. */
  private static List<String> registers(RemappingUnit unit, int number, long... words) {
    int iotlb = unit.configuration().capabilities().iotlbOffset();
    var lines = new ArrayList<String>();
    for (int i = 0; i < words.length; i += 2) {
      InvalidationDescriptor kind = InvalidationDescriptor.of(words[i]);
      long granularity = words[i] >>> 4 & 3;
      long domain = words[i] >>> 16 & 0xFFFF;
      if (kind == InvalidationDescriptor.CONTEXT_CACHE) {
        long source = words[i] >>> 32 & 0xFFFF;
        long command = 1L << 63 | granularity << 61 | source << 16 | domain;
        lines.add(register(RegisterLayouts.CCMD.position(), 8, command, number));
      } else if (kind == InvalidationDescriptor.IOTLB) {
        if (granularity == 3) {
          lines.add(register(iotlb, 8, words[i + 1], number));
        }
        long command = 1L << 63 | granularity << 60 | domain << 32;
        lines.add(register(iotlb + 8, 8, command, number));
      } else {
        return List.of();
      }
    }
    return lines;
  }

  private static void add(List<String> all, long low, long high, boolean wide) {
    all.add(Digits.of(low));
    all.add(Digits.of(high));
    if (wide) {
      all.add("0x0");
      all.add("0x0");
    }
  }

  private static String write(long address, List<String> words) {
    return String.format(
        Locale.ROOT,
        "{\"op\":\"mem.write\",\"addr\":\"%s\",\"u64\":[\"%s\"]}",
        Digits.of(address),
        String.join("\",\"", words));
  }

  /** Stores quadwords. */
  static String write(long address, long... words) {
    var all = new ArrayList<String>();
    for (long word : words) {
      all.add(Digits.of(word));
    }
    return write(address, all);
  }

  static String register(int offset, int size, long value, int unit) {
    return String.format(
        Locale.ROOT,
        "{\"op\":\"reg.write\",\"off\":\"%s\",\"size\":%d,\"value\":\"%s\"%s}",
        Digits.of(offset),
        size,
        Digits.of(value),
        unit == 0 ? "" : ",\"unit\":" + unit);
  }

  /** A page-selective, domain-selective invalidation of a domain. */
  static List<String> pages(Step step, int unit, int domain, long from, long to) {
    int order = 0;
    while ((from & -(4096L << order)) + (4096L << order) - 1 < to && order < 36) {
      order++;
    }
    long start = from & -(4096L << order);
    if (step.kernel().isPresent()) {
      return List.of(
          String.format(
              Locale.ROOT,
              "{\"op\":\"call\",\"fn\":\"qi_flush_iotlb\",\"args\":{\"type\":\"page\",\"did\":%d,\"addr\":\"%s\",\"size_order\":%d}}",
              domain,
              Digits.of(start),
              order));
    }
    return queue(step.rig(), unit, 0x2L | 3 << 4 | (long) domain << 16, start | order);
  }

  static List<String> domain(Step step, int unit, int domain) {
    return step.kernel().isPresent()
        ? List.of(
            String.format(
                Locale.ROOT,
                "{\"op\":\"call\",\"fn\":\"qi_flush_iotlb\",\"args\":{\"type\":\"domain\",\"did\":%d}}",
                domain))
        : queue(step.rig(), unit, 0x2L | 2 << 4 | (long) domain << 16, 0);
  }

  static List<String> context(Step step, int unit, int domain, int source) {
    long device = 0x1L | 3 << 4 | (long) domain << 16 | (long) source << 32;
    long all = 0x2L | 2 << 4 | (long) domain << 16;
    return queue(step.rig(), unit, device, 0, all, 0);
  }

  /** The argument that names a device. */
  static String device(PciDevice device) {
    return "\"dev\":\"" + device.name() + "\"";
  }

  /** The unmap call that goes with a mapping. */
  static List<String> unmap(Live mapping) {
    boolean list = mapping.kind == Live.Kind.LIST;
    return List.of(call(list ? "dma_unmap_sg" : "dma_unmap_single", whole(mapping)));
  }

  /** Lets the processor see what a device has written. */
  static List<String> syncForCpu(Live mapping) {
    return List.of(call("dma_sync_single_for_cpu", whole(mapping)));
  }

  private static String whole(Live mapping) {
    return String.format(
        Locale.ROOT,
        "%s,\"addr\":\"%s\",\"size\":%d,\"dir\":\"%s\"",
        device(mapping.device),
        Digits.of(mapping.address),
        mapping.size,
        mapping.direction);
  }

  /** A call of the kernel. */
  static String call(String function, String arguments) {
    return String.format(
        Locale.ROOT, "{\"op\":\"call\",\"fn\":\"%s\",\"args\":{%s}}", function, arguments);
  }
}
