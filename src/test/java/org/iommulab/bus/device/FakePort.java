package org.iommulab.bus.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.memory.PhysicalMemory;

/** A bus with a megabyte of memory where tests say which pages a device may touch. */
final class FakePort implements DmaPort {

  final PhysicalMemory memory = PhysicalMemory.ofSize(1 << 20);
  final List<DmaAccess> accesses = new ArrayList<>();
  final List<Long> messages = new ArrayList<>();
  final List<Long> pagesAsked = new ArrayList<>();
  final List<PageGroupResponse> answers = new ArrayList<>();
  LongPredicate allowed = address -> true;
  boolean takesPageRequests = true;

  @Override
  public SourceId source() {
    return SourceId.of(0, 3, 0);
  }

  private boolean reachable(DmaAccess access) {
    return allowed.test(access.address())
        && memory.isRam(access.address(), Math.max(1, access.length()));
  }

  @Override
  public Completion transfer(DmaAccess access, byte[] data) {
    accesses.add(access);
    boolean reachable = reachable(access);
    if (access.writes()) {
      if (reachable) {
        memory.write(access.address(), data, 0, data.length);
      }
      return Completion.SUCCESS;
    }
    if (reachable) {
      memory.read(access.address(), data, 0, data.length);
    }
    return reachable ? Completion.SUCCESS : Completion.ABORTED;
  }

  @Override
  public Completion transferTranslated(DmaAccess access, byte[] data) {
    return reachable(access) ? transfer(access, data) : Completion.DENIED;
  }

  @Override
  public void message(long address, int data) {
    messages.add(address << 16 | data);
  }

  @Override
  public boolean requestPage(DmaAccess access, int group) {
    pagesAsked.add(access.address());
    return takesPageRequests;
  }

  @Override
  public List<PageGroupResponse> responses() {
    var all = List.copyOf(answers);
    answers.clear();
    return all;
  }

  void put(long address, long... quadwords) {
    for (int i = 0; i < quadwords.length; i++) {
      memory.writeQword(address + i * 8L, quadwords[i]);
    }
  }
}
