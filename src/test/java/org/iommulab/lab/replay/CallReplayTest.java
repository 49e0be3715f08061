package org.iommulab.lab.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.ScriptedLab;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.testing.Shared;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Call logs of real programs, and short ones with facts of other kernels. */
class CallReplayTest {

  private static CallLog log(String text) {
    return switch (CallLog.parse("log", text)) {
      case Reading.Good<CallLog>(CallLog log) -> log;
      case Reading.Bad<CallLog>(Bilingual sentence) -> fail(sentence.english());
    };
  }

  private static CallReplay replayed(CallLog log, boolean scalable) {
    return switch (CallReplay.of(log, scalable)) {
      case Reading.Good<CallReplay>(CallReplay replay) -> replay;
      case Reading.Bad<CallReplay>(Bilingual sentence) -> fail(sentence.english());
    };
  }

  private static List<String> differences(CallReplay replay) {
    return replay.calls().stream()
        .filter(call -> call.outcome() == ReplayedCall.Outcome.DIFFERENT)
        .map(ReplayedCall::line)
        .toList();
  }

  private static String head(String kernel) {
    return String.format(
        Locale.ROOT,
        """
        {"n":1,"kernel":"%s"}
        {"n":2,"edu":"0000:00:0a.0","group":4}
        {"n":3,"call":"sysfs_write","args":{"path":"/sys/bus/pci/devices/0000:00:0a.0/driver_override","value":"vfio-pci"},"ret":8,"errno":"0"}
        {"n":4,"call":"sysfs_write","args":{"path":"/sys/bus/pci/drivers_probe","value":"0000:00:0a.0"},"ret":12,"errno":"0"}
        """,
        kernel);
  }

  @ParameterizedTest
  @CsvSource({"captures/vfio-k612, false", "captures73/k73-vfio-fs, true"})
  void everyCallOfTheVfioCaptureEndsAsLoggedAndTheTablesHaveTheSameShape(
      String folder, boolean scalable) {
    Optional<Path> capture = Shared.folder(folder);
    if (capture.isEmpty()) {
      return;
    }
    Path file = capture.get().resolve("guest/vfio-calls.jsonl.gz");
    assertThat(CallLog.isOne(file)).isTrue();
    if (!(CallLog.read(file) instanceof Reading.Good<CallLog>(CallLog log))) {
      fail("the log cannot be read");
      return;
    }
    CallReplay replay = replayed(log, scalable);
    assertThat(differences(replay)).isEmpty();
    assertThat(replay.snapshots()).hasSize(8);
    var tables = new ArrayList<String>();
    for (String mark : replay.snapshots()) {
      if (Evidence.open(capture.get().resolve("snap-" + mark)) instanceof Snapshot there) {
        SnapshotCheck.differences(replay, mark, there.tables())
            .forEach(words -> tables.add(mark + ": " + words));
      } else {
        tables.add(mark + " cannot be read");
      }
    }
    assertThat(tables).isEmpty();
    assertThat(faults(replay.at("vfio-released").view().kernel().orElseThrow().dmesg()))
        .isEqualTo(faults(kernelLog(capture.get())));
    // The program is gone at the last mark.
    assertThat(ScriptedLab.process(replay.at("vfio-released")).memory().unpinned()).isTrue();
  }

  private static List<String> kernelLog(Path capture) {
    Path file = capture.resolve("guest/dmesg-final.txt.gz");
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The driver's lines about faults, without their times. */
  private static List<String> faults(List<String> log) {
    return log.stream()
        .map(line -> line.substring(line.indexOf("] ") + 2))
        .filter(line -> line.startsWith("DMAR: [DMA") || line.startsWith("DMAR: DRHD: handling"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"wraps", "hw-info", "map-2-62", "tail"})
  void callsOf73EndAsThere(String name) {
    Optional<Path> file = Shared.file("field/linux-7.3/" + name + ".jsonl");
    if (file.isEmpty()) {
      return;
    }
    if (!(CallLog.read(file.get()) instanceof Reading.Good<CallLog>(CallLog log))) {
      fail("the log cannot be read");
      return;
    }
    assertThat(differences(replayed(log, true))).isEmpty();
  }

  @Test
  void whatALogSaysIsBelieved() {
    String head =
        """
        {"n":1,"kernel":"7.3.4","unit":{"cap":"0x81d2008c222f0686","ecap":"0x880000f00f4a"},"cmdline":"intel_iommu=on"}
        {"n":2,"edu":"0000:00:0a.0","group":4}
        {"n":3,"call":"sysfs_write","args":{"path":"/sys/bus/pci/devices/0000:00:0a.0/driver_override","value":"vfio-pci"},"ret":8,"errno":"0"}
        {"n":4,"call":"sysfs_write","args":{"path":"/sys/bus/pci/drivers_probe","value":"0000:00:0a.0"},"ret":12,"errno":"0"}
        """;
    String calls =
        """
        {"n":5,"call":"mmap","args":{"addr":"0x0","length":"0x400000","prot":3,"flags":"0x40022","fd":-1,"offset":0},"ret":"0x7f0000000000","errno":"0"}
        {"n":6,"call":"mmap","args":{"addr":"0x0","length":8192,"prot":1,"flags":"0x22","fd":-1,"offset":0},"ret":"0x7f1000000000","errno":"0"}
        {"n":7,"call":"open","args":{"path":"/dev/iommu"},"ret":3,"errno":"0"}
        {"n":8,"call":"open","args":{"path":"/dev/iommu"},"ret":4,"errno":"0"}
        {"n":9,"call":"open","args":{"path":"/dev/vfio/devices/vfio0"},"ret":5,"errno":"0"}
        {"n":10,"fd":5,"call":"VFIO_DEVICE_BIND_IOMMUFD","args":{"iommufd":3},"ret":0,"errno":"0","out":{"out_devid":1}}
        {"n":11,"fd":4,"call":"IOMMU_IOAS_ALLOC","args":{},"ret":0,"errno":"0","out":{"out_ioas_id":1}}
        {"n":12,"fd":3,"call":"IOMMU_IOAS_ALLOC","args":{},"ret":0,"errno":"0","out":{"out_ioas_id":2}}
        {"n":13,"fd":3,"call":"IOMMU_IOAS_ALLOC","args":{"size":16,"tail":"00000001"},"ret":-1,"errno":"E2BIG"}
        {"n":14,"fd":3,"call":"IOMMU_IOAS_ALLOC","args":{"size":16,"tail":[0,0,0,0]},"ret":0,"errno":"0","out":{"out_ioas_id":3}}
        {"n":15,"fd":5,"call":"VFIO_DEVICE_ATTACH_IOMMUFD_PT","args":{"pt_id":2},"ret":0,"errno":"0"}
        {"n":16,"fd":3,"call":"IOMMU_IOAS_MAP","args":{"ioas_id":2,"flags":7,"user_va":"0x7f0000000000","length":"0x200000","iova":"0x200000"},"ret":0,"errno":"0"}
        {"n":17,"fd":3,"call":"IOMMU_IOAS_MAP","args":{"ioas_id":2,"flags":7,"user_va":"0x7f1000000000","length":4096,"iova":"0x1000"},"ret":-1,"errno":"EFAULT"}
        {"n":18,"fd":3,"call":"IOMMU_IOAS_MAP","args":{"ioas_id":2,"flags":5,"user_va":"0x7f1000001000","length":4096,"iova":"0x1000"},"ret":0,"errno":"0"}
        {"n":19,"call":"munmap","args":{"addr":"0x7f1000000000","length":4096},"ret":0,"errno":"0"}
        {"n":20,"fd":3,"call":"IOMMU_IOAS_MAP","args":{"ioas_id":2,"flags":5,"user_va":"0x7f1000000000","length":4096,"iova":"0x4000"},"ret":-1,"errno":"EFAULT"}
        {"n":21,"call":"memfd_create","args":{"name":"f","flags":0},"ret":6,"errno":"0"}
        {"n":22,"call":"ftruncate","args":{"fd":6,"length":8192},"ret":0,"errno":"0"}
        {"n":23,"call":"mmap","args":{"addr":0,"length":8192,"prot":3,"flags":1,"fd":6,"offset":4096},"ret":"0x7f2000000000","errno":"0"}
        {"n":24,"fd":3,"call":"IOMMU_IOAS_MAP","args":{"ioas_id":2,"flags":7,"user_va":"0x7f2000000000","length":4096,"iova":"0x8000"},"ret":0,"errno":"0"}
        {"n":25,"fd":3,"call":"IOMMU_IOAS_MAP","args":{"ioas_id":2,"flags":7,"user_va":"0x7f2000001000","length":4096,"iova":"0x9000"},"ret":-1,"errno":"EFAULT"}
        {"n":26,"fd":3,"call":"IOMMU_IOAS_MAP_FILE","args":{"ioas_id":2,"flags":7,"fd":6,"start":0,"length":4096,"iova":"0xa000"},"ret":0,"errno":"0"}
        {"n":27,"call":"close","args":{"fd":4},"ret":0,"errno":"0"}
        {"n":28,"fd":4,"call":"IOMMU_IOAS_ALLOC","args":{},"ret":-1,"errno":"EBADF"}
        """;
    CallReplay replay = replayed(log(head + calls), false);
    assertThat(differences(replay)).isEmpty();
    assertThat(replay.calls())
        .allMatch(call -> call.outcome() == ReplayedCall.Outcome.SAME, "every call is compared");
  }

  @Test
  void aMapWithoutADeviceProvesNoMemory() {
    String calls =
        """
        {"n":5,"call":"open","args":{"path":"/dev/iommu"},"ret":3,"errno":"0"}
        {"n":6,"call":"IOMMU_IOAS_ALLOC","args":{},"ret":0,"errno":"0","out":{"out_ioas_id":1}}
        {"n":7,"call":"IOMMU_IOAS_MAP","args":{"ioas_id":1,"flags":7,"user_va":"0x7f0000000000","length":4096,"iova":"0x1000"},"ret":0,"errno":"0"}
        """;
    CallReplay replay = replayed(log(head("6.12.1") + calls), false);
    assertThat(differences(replay)).isEmpty();
    assertThat(replay.script().commands())
        .noneMatch(
            command -> command instanceof Command.UserAlloc alloc && alloc.as().startsWith("mem_"));
  }

  @Test
  void theScriptOfAReplayRunsByItself() {
    CallReplay replay =
        replayed(
            log(
                head("6.12.1")
                    + """
                    {"n":5,"call":"open","args":{"path":"/dev/vfio/vfio"},"ret":3,"errno":"0"}
                    {"n":6,"call":"VFIO_GET_API_VERSION","args":{},"ret":0,"errno":"0"}
                    """),
            false);
    var again = new Laboratory();
    again.load(replay.script());
    assertThat(again.journal()).hasSameSizeAs(replay.script().commands());
    assertThat(again.journal().getLast().result().fields()).containsEntry("hex", "00".repeat(4096));
  }

  @Test
  void capabilitiesLieUnalignedBefore66() {
    String rest =
        """
        {"n":5,"call":"open","args":{"path":"/dev/vfio/vfio"},"ret":3,"errno":"0"}
        {"n":6,"call":"open","args":{"path":"/dev/vfio/4"},"ret":4,"errno":"0"}
        {"n":7,"call":"VFIO_GROUP_SET_CONTAINER","args":{"container":1},"ret":-1,"errno":"%s"}
        {"n":8,"call":"VFIO_GROUP_SET_CONTAINER","args":{"group":4},"ret":0,"errno":"0"}
        {"n":9,"call":"VFIO_SET_IOMMU","args":{"type":3},"ret":0,"errno":"0"}
        {"n":10,"call":"VFIO_IOMMU_GET_INFO","args":{"argsz":24},"ret":0,"errno":"0","out":{"argsz":%d,"cap_offset":0}}
        {"n":11,"call":"VFIO_IOMMU_GET_INFO","args":{"argsz":4096},"ret":0,"errno":"0","out":{"argsz":4096,"cap_offset":24,"caps":[{"id":2,"version":1,"next":56},{"id":3,"version":1,"next":%d,"dma_avail":65535},{"id":1,"version":1,"next":0,"iova_ranges":[["0x0","0xfedfffff"],["0xfef00000","0xffffffffffff"]]}]}}
        """;
    String old = head("6.1.0-56-amd64") + String.format(Locale.ROOT, rest, "EINVAL", 116, 68);
    String young = head("6.12.117") + String.format(Locale.ROOT, rest, "EBADFD", 120, 72);
    assertThat(differences(replayed(log(old), false))).isEmpty();
    assertThat(differences(replayed(log(young), false))).isEmpty();
    String wrong = head("6.12.117") + String.format(Locale.ROOT, rest, "EBADFD", 120, 68);
    assertThat(differences(replayed(log(wrong), false)))
        .singleElement()
        .asString()
        .startsWith("call 11, VFIO_IOMMU_GET_INFO: capability 3 is");
  }

  @Test
  void aClaimedGroupHasAnEmptyTableOn61AndNoEntryOn612() {
    String calls =
        """
        {"n":5,"call":"open","args":{"path":"/dev/vfio/vfio"},"ret":3,"errno":"0"}
        {"n":6,"call":"open","args":{"path":"/dev/vfio/4"},"ret":4,"errno":"0"}
        {"n":7,"call":"VFIO_GROUP_SET_CONTAINER","args":{"group":4},"ret":0,"errno":"0"}
        {"n":8,"snapshot":"owned"}
        {"n":9,"call":"VFIO_GROUP_UNSET_CONTAINER","args":{},"ret":0,"errno":"0"}
        {"n":10,"call":"VFIO_GROUP_SET_CONTAINER","args":{"group":4},"ret":0,"errno":"0"}
        """;
    SourceId device = SourceId.of(0, 10, 0);
    for (String kernel : List.of("6.1.0-56-amd64", "6.12.117")) {
      CallReplay replay = replayed(log(head(kernel) + calls), false);
      assertThat(differences(replay)).isEmpty();
      TableShape shape = TableShape.of(replay.at("owned").view().tables(), device);
      assertThat(shape).isEqualTo(new TableShape(kernel.startsWith("6.1."), List.of()));
    }
  }

  @Test
  void nativeCallsOf612EndAsThere() {
    String calls =
        """
        {"n":5,"call":"open","args":{"path":"/dev/iommu"},"ret":3,"errno":"0"}
        {"n":6,"call":"open","args":{"path":"/dev/vfio/devices/vfio0"},"ret":4,"errno":"0"}
        {"n":7,"call":"VFIO_DEVICE_BIND_IOMMUFD","args":{"iommufd":-1},"ret":-1,"errno":"EINVAL"}
        {"n":8,"call":"VFIO_DEVICE_BIND_IOMMUFD","args":{"iommufd":1},"ret":-1,"errno":"EBADFD"}
        {"n":9,"call":"VFIO_DEVICE_BIND_IOMMUFD","args":{"iommufd":3},"ret":0,"errno":"0","out":{"out_devid":1}}
        {"n":10,"call":"IOMMU_GET_HW_INFO","args":{"dev_id":1,"flags":"0x1"},"ret":-1,"errno":"ENOTSUP"}
        {"n":11,"call":"IOMMU_IOAS_ALLOC","args":{},"ret":0,"errno":"0","out":{"out_ioas_id":2}}
        {"n":12,"call":"VFIO_DEVICE_ATTACH_IOMMUFD_PT","args":{"pt_id":2},"ret":0,"errno":"0","out":{"pt_id":3}}
        {"n":13,"call":"IOMMU_IOAS_IOVA_RANGES","args":{"ioas_id":2,"num_iovas":1},"ret":-1,"errno":"EMSGSIZE","out":{"num_iovas":2,"ranges":[["0x0","0xfedfffff"]]}}
        {"n":14,"call":"IOMMU_IOAS_MAP","args":{"flags":7,"ioas_id":2,"user_va":"0x7f0000000000","length":"0x1000","iova":"0x10000"},"ret":0,"errno":"0","out":{"iova":"0x10000"}}
        {"n":15,"call":"IOMMU_IOAS_MAP","args":{"flags":7,"ioas_id":2,"user_va":"0x7f0000000000","length":"0xfffffffffffff000","iova":"0x20000"},"ret":-1,"errno":"EINVAL"}
        {"n":16,"call":"IOMMU_HWPT_ALLOC","args":{"flags":"0x4","dev_id":1,"pt_id":2},"ret":-1,"errno":"ENOTSUP"}
        {"n":17,"call":"IOMMU_HWPT_INVALIDATE","args":{"hwpt_id":3,"data_type":1,"entry_len":16,"entry_num":1},"ret":-1,"errno":"ENOENT"}
        {"n":18,"call":"IOMMU_VIOMMU_ALLOC","args":{"type":1,"dev_id":1,"hwpt_id":3},"ret":-1,"errno":"ENOTTY"}
        {"n":19,"call":"IOMMU_DESTROY","args":{"id":2},"ret":-1,"errno":"EBUSY"}
        {"n":20,"call":"DEVICE_DMA","args":{"iova":"0x10000","len":64,"dir":"device_reads_memory"},"ret":0,"errno":"0"}
        {"n":21,"call":"IOMMU_IOAS_UNMAP","args":{"ioas_id":2,"iova":"0x10000","length":"0x1000"},"ret":0,"errno":"0","out":{"length":"0x1000"}}
        {"n":22,"call":"IOMMU_DESTROY","args":{"id":1},"ret":-1,"errno":"ENOENT","note":"device closed"}
        {"n":23,"call":"IOMMU_DESTROY","args":{"id":2},"ret":0,"errno":"0"}
        """;
    for (boolean scalable : new boolean[] {false, true}) {
      CallReplay replay = replayed(log(head("6.12.117-iommudbg") + calls), scalable);
      assertThat(differences(replay)).isEmpty();
      assertThat(replay.calls().get(17).words()).isEqualTo("here it is done");
    }
  }

  @Test
  void theCompatibilityLayerIsKnownByItsErrno() {
    String calls =
        """
        {"n":5,"call":"open","args":{"path":"/dev/vfio/vfio"},"ret":3,"errno":"0"}
        {"n":6,"call":"VFIO_CHECK_EXTENSION","args":{"extension":4},"ret":-1,"errno":"ENODEV"}
        {"n":7,"call":"sysfs_write","args":{"path":"/sys/module/vfio_iommu_type1/parameters/dma_entry_limit","value":"3"},"ret":-1,"errno":"ENOENT"}
        """;
    assertThat(differences(replayed(log(head("6.12.117") + calls), false))).isEmpty();
  }

  @Test
  void aCallThatEndsOtherwiseIsTold() {
    String calls =
        """
        {"n":5,"call":"open","args":{"path":"/dev/vfio/9999"},"ret":7,"errno":"0"}
        {"n":6,"call":"VFIO_NO_SUCH_CALL","args":{},"ret":0,"errno":"0"}
        """;
    CallReplay replay = replayed(log(head("6.12.117") + calls), false);
    assertThat(differences(replay))
        .containsExactly(
            "call 5, open: it returned 7 there, ENOENT (no such file: /dev/vfio/9999) here");
    assertThat(replay.calls().getLast().outcome()).isEqualTo(ReplayedCall.Outcome.SKIPPED);
  }

  @Test
  void whatIsNoLogIsToldInOneSentence() {
    assertThat(CallLog.parse("x", "{\"n\":1}"))
        .isEqualTo(new Reading.Bad<>("x has no line with a \"call\": it is no call log"));
    assertThat(CallLog.parse("x", "{\"n\":1}\n{"))
        .isInstanceOfSatisfying(
            Reading.Bad.class,
            bad -> assertThat(bad.sentence().english()).startsWith("x, line 2: this is"));
  }

  @Test
  void aLogThatNoMachineFitsIsToldInOneSentence() {
    String text =
        """
        {"n":1,"edu":"0000:00:0a.0","group":400}
        {"n":2,"call":"open","args":{"path":"/dev/vfio/vfio"},"ret":3,"errno":"0"}
        """;
    assertThat(CallReplay.of(log(text), false))
        .isInstanceOfSatisfying(
            Reading.Bad.class,
            bad ->
                assertThat(bad.sentence().english())
                    .startsWith("log: the machine of this log cannot"));
  }

  @Test
  void strangeLogsNeverThrow() {
    for (String line :
        List.of(
            "{'n':1,'call':'VFIO_IOMMU_MAP_DMA'}",
            "{'call':'open','args':{},'ret':'x','errno':7}",
            "{'call':'DEVICE_DMA','args':{'iova':-1,'len':-5}}",
            "{'call':'IOMMU_IOAS_MAP','args':{'user_va':'0xfffffffffffff000','length':'0x1000'}}",
            "{'call':'IOMMU_IOAS_MAP','args':{'user_va':'0x7000','length':'0x7ffffffffffff000'}}",
            "{'call':'VFIO_IOMMU_GET_INFO','args':{'argsz':'big'},'out':{'caps':[[1,2],{'id':9}]}}",
            "{'call':'IOMMU_DESTROY','args':{'id':[1,[2]],'size':99999999}}",
            "{'call':'unknown_ioctl','args':{'request':'what'}}",
            "{'call':'sysfs_write','args':{'path':'','value':''},'errno':'EWHAT'}")) {
      String opens =
          """
          {"n":1,"edu":"0000:00:0a.0","group":4}
          {"n":2,"call":"open","args":{"path":"/dev/iommu"},"ret":3,"errno":"0"}
          {"n":3,"call":"open","args":{"path":"/dev/vfio/vfio"},"ret":4,"errno":"0"}
          """;
      CallReplay replay = replayed(log(opens + line.replace('\'', '"')), false);
      assertThat(replay.calls()).as(line).hasSize(3);
    }
  }
}
