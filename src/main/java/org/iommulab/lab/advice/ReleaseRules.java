package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.dma.DmaMapping;
import org.jspecify.annotations.Nullable;

/** A mapping goes back as it came, and it does go back: K01 to K07, K11, K16, T08. */
final class ReleaseRules {

  private final Mappings mappings;
  private final ErrorRules errors;

  ReleaseRules(Mappings mappings, ErrorRules errors) {
    this.mappings = mappings;
    this.errors = errors;
  }

  /** K01, K02, K04: the mapping that goes; null if there is none, or none is known for sure. */
  @Nullable Live unmapped(DmaCall call, Live.Kind kind) {
    long address = call.address();
    List<Live> found = mappings.at(call.device(), address);
    if (found.isEmpty()) {
      found = named(call);
    }
    if (found.isEmpty()) {
      missing(call, address, "K03");
      return null;
    }
    Live fit = best(found, kind, call);
    if (fit == null) {
      return null;
    }
    String iova = Digits.bare(address);
    if (fit.kind != kind) {
      raiseKind(call.step(), fit, kind);
    } else if (fit.size != call.size()) {
      call.step()
          .raise("K01", fit, Remedy.unmap(fit), fit.size, call.device().name(), iova, call.size());
    } else if (fit.direction != call.direction()) {
      raiseDirection(call, fit);
    }
    return fit;
  }

  /** The list whose name was given where the address of its first segment belongs. */
  private List<Live> named(DmaCall call) {
    if (!(call.step().command() instanceof Command.Call line)
        || !(line.args().get("addr") instanceof String name)) {
      return List.of();
    }
    return mappings.of(call.device().source()).stream()
        .filter(one -> one.kind == Live.Kind.LIST && one.name.equals(name))
        .toList();
  }

  /** As dma-debug matches: with several at one address, only a perfect one is known. */
  private static @Nullable Live best(List<Live> found, Live.Kind kind, DmaCall call) {
    for (Live one : found) {
      if (one.kind == kind && one.size == call.size() && one.direction == call.direction()) {
        return one;
      }
    }
    return found.size() == 1 ? found.getFirst() : null;
  }

  private static void raiseKind(Step step, Live mapping, Live.Kind kind) {
    String function = mapping.kind == Live.Kind.LIST ? "dma_unmap_sg" : "dma_free_coherent";
    String fix =
        String.format(
            Locale.ROOT,
            "%s,\"addr\":\"%s\",\"dir\":\"%s\"",
            Remedy.device(mapping.device),
            Digits.of(mapping.address),
            mapping.direction);
    step.raise(
        "K04",
        mapping,
        List.of(Remedy.call(function, fix)),
        Digits.bare(mapping.address),
        mapping.kind.said(),
        kind.said());
  }

  private static void raiseDirection(DmaCall call, Live mapping) {
    call.step()
        .raise(
            "K02",
            mapping,
            Remedy.unmap(mapping),
            Digits.bare(call.address()),
            mapping.direction,
            call.direction());
  }

  /** K04, K07, K02 for lists: the list that goes; null if there is none. */
  @Nullable Live unmappedList(DmaCall call) {
    List<Live> found = mappings.at(call.device(), call.address());
    if (found.isEmpty()) {
      missing(call, call.address(), "K03");
      return null;
    }
    Live fit = found.getFirst();
    if (fit.kind != Live.Kind.LIST) {
      raiseKind(call.step(), fit, Live.Kind.LIST);
    } else if (!counted(call.step(), fit) && fit.direction != call.direction()) {
      raiseDirection(call, fit);
    }
    return fit;
  }

  /** K07: another number of entries than was mapped. */
  static boolean counted(Step step, Live list) {
    long given = step.number(list.entries, "nents");
    if (given != list.entries) {
      step.raise("K07", list, List.of(), list.entries, given);
      return true;
    }
    return false;
  }

  /** K06: coherent memory that goes back with another size or address. */
  void freed(DmaCall call) {
    Step step = call.step();
    long handle = step.number(-1, "dma_handle", "handle");
    long cpu = step.number(0, "cpu_addr");
    Live found = null;
    for (Live one : mappings.of(call.device().source())) {
      boolean same = handle >= 0 ? one.address == handle : one.cpuAddress == cpu;
      if (one.kind == Live.Kind.COHERENT && same) {
        found = one;
      }
    }
    if (found == null) {
      missing(call, handle, "K03");
      return;
    }
    long size = step.number(found.size, "size");
    boolean other = cpu != 0 && cpu != found.cpuAddress;
    if (size != found.size || other) {
      step.raise(
          "K06",
          found,
          List.of(),
          Digits.bare(found.address),
          Wording.BYTES_AT.with(found.size, Digits.of(found.cpuAddress)),
          Wording.BYTES_AT.with(size, Digits.of(other ? cpu : found.cpuAddress)));
    }
    mappings.remove(found, step);
  }

  /** K03, K05, K11, K13: there is nothing at that address for that device. */
  void missing(DmaCall call, long address, String rule) {
    Step step = call.step();
    PciDevice device = call.device();
    Optional<Live> other = mappings.ofOther(device.source(), address);
    Mappings.Gone before = mappings.wasLive(device.source(), address, step.timeNs());
    boolean own = mappings.holding(device.source(), address).isPresent();
    if (address == DmaMapping.ERROR) {
      errors.working(step, device);
    } else if (rule.equals("K03") && other.isPresent() && before == null && !own) {
      Live theirs = other.get();
      step.raise(
          "K05", theirs, List.of(), Digits.bare(address), theirs.device.name(), device.name());
    } else {
      var evidence = new ArrayList<Evidence>();
      evidence.add(Evidence.command(step.number()));
      if (before != null) {
        evidence.add(Evidence.command(before.step()));
      }
      step.raise(
          rule,
          List.of(device.source(), address, step.number()),
          evidence,
          List.of(),
          device.name(),
          Digits.bare(address),
          before == null ? "" : Wording.RELEASED_AT.with(before.step()));
    }
  }

  /** K16: the driver goes, or another one comes, and its mappings stay. */
  void handed(Step step) {
    String path = step.text("path");
    if (!path.endsWith("/unbind") && !path.endsWith("/drivers_probe")) {
      return;
    }
    String value = step.text("value");
    for (PciDevice device : step.rig().machine().devices()) {
      List<Live> left = mappings.of(device.source());
      if (device.source().address().equals(value) && !left.isEmpty()) {
        Live one = left.getFirst();
        step.raise(
            "K16", one, List.of(), device.name(), left.size(), Digits.bare(one.address), one.size);
      }
    }
  }

  /** T08: what is still mapped when nothing comes any more. */
  void atEnd(Step last) {
    List<Live> left =
        mappings.live().stream().filter(one -> one.kind != Live.Kind.COHERENT).toList();
    if (!left.isEmpty() && !(last.result() instanceof Result.Refused)) {
      Live one = left.getFirst();
      last.raise(
          "T08",
          "left",
          List.of(Evidence.command(one.step), Evidence.mapping(one.address)),
          Remedy.unmap(one),
          left.size(),
          Digits.bare(one.address),
          one.device.name());
    }
  }
}
