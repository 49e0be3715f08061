package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaboratoryTest {

  private static final Command READ = new Command.MemRead(0x1000, 1);

  private final Laboratory lab = new Laboratory();

  private static Command write(long value) {
    return new Command.MemWrite(0x1000, Bytes.ofQuadwords(value));
  }

  private long value() {
    return lab.view().memory().readQword(0x1000);
  }

  @Test
  void undoTakesBackAndRedoBringsForth() {
    lab.execute(write(1));
    lab.execute(write(2));
    assertThat(lab.undo()).isTrue();
    assertThat(value()).isEqualTo(1);
    assertThat(lab.position()).isEqualTo(1);
    assertThat(lab.journal()).hasSize(2);
    assertThat(lab.redo()).isTrue();
    assertThat(value()).isEqualTo(2);
    assertThat(lab.redo()).isFalse();
  }

  @Test
  void undoAtTheBeginningDoesNothing() {
    assertThat(lab.undo()).isFalse();
    assertThat(lab.rewind(1)).isFalse();
  }

  @Test
  void callsStayOnShowAfterCommandsThatCallNothingAndAfterGoingBack() {
    lab.execute(new Command.LinuxBoot("intel_iommu=on", "classic", null));
    lab.execute(write(1));
    lab.execute(write(2));
    assertThat(lab.view().lastCalls()).isEmpty();
    var shown = lab.view().recentCalls();
    assertThat(shown).isNotEmpty();
    lab.undo();
    assertThat(lab.view().lastCalls()).isEmpty();
    assertThat(lab.view().recentCalls()).isEqualTo(shown);
    lab.rewind(0);
    assertThat(lab.view().recentCalls()).isEmpty();
  }

  @Test
  void flushOrderedByHandLeavesTheDriversQueueInStep() {
    var script =
        List.of(
            "{'op':'linux.boot','cmdline':'intel_iommu=on'}",
            "{'op':'call','fn':'vfio_attach_device','args':{'device':'nic'}}",
            "{'op':'user.alloc','as':'ram','len':8192}",
            "{'op':'call','fn':'vfio_dma_map','args':{'iova':65536,'size':8192,'vaddr':'ram'}}",
            "{'op':'dma.write','rid':'nic','iova':65536,'data':'00'}",
            "{'op':'call','fn':'qi_flush_iotlb','args':{'did':2,'addr':65536,'type':'page'}}",
            "{'op':'expect','path':'qi(iotlb_inv)','value':1}",
            "{'op':'expect','path':'iotlb(nic,65536)','value':null}",
            "{'op':'dma.write','rid':'nic','iova':65536,'data':'00'}",
            "{'op':'call','fn':'vfio_dma_unmap','args':{'iova':65536,'size':8192}}",
            "{'op':'expect','path':'iotlb(nic,65536)','value':null}");
    for (String line : script) {
      Command command = ScriptedLab.command(line);
      assertThat(lab.execute(command).succeeded()).as(line).isTrue();
    }
  }

  @Test
  void newCommandAfterRewindDropsWhatWasUndone() {
    lab.execute(write(1));
    lab.execute(write(2));
    lab.execute(write(3));
    lab.rewind(1);
    lab.execute(write(9));
    assertThat(lab.journal()).extracting(JournalEntry::command).containsExactly(write(1), write(9));
    assertThat(lab.redo()).isFalse();
    assertThat(value()).isEqualTo(9);
  }

  @Test
  void rewindCommandGoesBackToACheckpointAndCanItselfBeUndone() {
    lab.execute(write(1));
    lab.execute(new Command.Checkpoint("one"));
    lab.execute(write(2));
    assertThat(lab.execute(new Command.Rewind("one")).succeeded()).isTrue();
    assertThat(value()).isEqualTo(1);
    lab.execute(new Command.MemWrite(0x2000, Bytes.ofQuadwords(7)));
    lab.rewind(3);
    assertThat(value()).isEqualTo(2);
    lab.rewind(5);
    assertThat(value()).isEqualTo(1);
    assertThat(lab.view().memory().readQword(0x2000)).isEqualTo(7);
  }

  @Test
  void unknownCheckpointIsRefusedWithTheNearestName() {
    lab.execute(new Command.Checkpoint("start"));
    assertThat(lab.execute(new Command.Rewind("strat")).fields())
        .containsEntry("error", "there is no checkpoint \"strat\"; did you mean \"start\"?");
  }

  @Test
  void refusedCommandChangesNothingAndIsNotKept() {
    lab.execute(write(1));
    Result result = lab.execute(new Command.DmaRead("nik", 0, 1));
    assertThat(result.fields())
        .containsEntry(
            "error",
            "this machine has no device nik; it has nic (00:03.0), old (00:04.0), rogue"
                + " (00:05.0)");
    assertThat(lab.journal()).hasSize(1);
    assertThat(value()).isEqualTo(1);
  }

  @Test
  void changesOfTheLatestCommandStayOnShowAfterARefusedOne() {
    lab.execute(write(1));
    lab.execute(write(2));
    lab.execute(new Command.DmaRead("nik", 0, 1));
    assertThat(lab.view().lastChanges()).hasSize(1);
    assertThat(lab.view().lastChanges().iterator().next().before()).isEqualTo(1);
  }

  @Test
  void memoryOutsideRamIsRefused() {
    Result result = lab.execute(new Command.MemRead(0xFED90000L, 1));
    assertThat(result.succeeded()).isFalse();
    assertThat(result.fields().get("error").toString()).contains("not all RAM");
  }

  @Test
  void machineLineStartsAfresh() {
    lab.execute(write(1));
    lab.execute(new Command.StartMachine(Map.of("aw_bits", 48L)));
    assertThat(value()).isZero();
    lab.undo();
    assertThat(value()).isEqualTo(1);
  }

  @Test
  void unknownMachineKeyIsRefused() {
    assertThat(lab.execute(new Command.StartMachine(Map.of("aw_bit", 48L))).fields())
        .containsEntry("error", "a machine has no key \"aw_bit\"; did you mean \"aw_bits\"?");
  }

  @Test
  void onlyChangesOfTheLatestCommandAreReported() {
    lab.execute(write(1));
    lab.execute(write(2));
    lab.execute(new Command.Note("look"));
    assertThat(lab.view().lastChanges()).hasSize(1);
    assertThat(lab.view().lastChanges().iterator().next().before()).isEqualTo(1);
    assertThat(lab.view().lastChanges().iterator().next().after()).isEqualTo(2);
  }

  @Test
  void savedJournalReplaysToTheSameResults(@TempDir Path folder) throws Exception {
    lab.execute(write(5));
    lab.execute(READ);
    lab.execute(write(6));
    lab.undo();
    Path file = folder.resolve("journal.jsonl");
    Files.writeString(file, "old");
    assertThat(lab.save(file)).isEmpty();
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    assertThat(Files.list(folder)).hasSize(1);
    Script script = ((Reading.Good<Script>) Script.read(file)).value();
    var again = new Laboratory();
    again.load(script);
    assertThat(lines(again)).isEqualTo(lines(lab).subList(0, 2));
  }

  private static List<String> lines(Laboratory laboratory) {
    return laboratory.journal().stream().map(JournalEntry::resultJson).toList();
  }

  @Test
  void expectationsCompareTheState() {
    lab.execute(write(0x1234));
    assertThat(lab.execute(new Command.Expect("mem(0x1000)", "0x1234")).succeeded()).isTrue();
    assertThat(lab.execute(new Command.Expect("mem(0x1000)", 1L)).succeeded()).isFalse();
    assertThat(lab.execute(new Command.Expect("mem(0x1000,2)", "3412")).succeeded()).isTrue();
    assertThat(lab.execute(new Command.Expect("reg(GSTS).TES", 0L)).succeeded()).isTrue();
    assertThat(lab.execute(new Command.Expect("root(0)", null)).succeeded()).isTrue();
    assertThat(lab.execute(new Command.Expect("registr(GSTS)", 0L)))
        .isInstanceOf(Result.Refused.class);
  }
}
