package org.iommulab.ui.view.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * First-stage tables at guest addresses 1000 to 4000, which the second stage puts at 200_1000 and
 * on.
 */
class NestedPathTest {

  private static final long GUEST = 0x200_0000L;

  private final LabDouble lab = LabDouble.after(setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private static List<Command> setUp() {
    var commands = new ArrayList<Command>();
    commands.add(new Command.StartMachine(Map.of("profile", "sapphire-rapids")));
    commands.add(store(0x100_0000L, 0x100_1001L, 0));
    commands.add(store(0x100_1300L, 0x100_2001L, 0, 0, 0));
    commands.add(store(0x100_2000L, 0x100_3001L));
    commands.add(store(0x100_3000L, 0x101_0000L | 0xC9, 0x80_0021L, 0x1000, 0));
    commands.add(store(0x101_0000L, 0x101_1003L));
    commands.add(store(0x101_1000L, 0x101_2003L));
    commands.add(store(0x101_2000L, 0x101_3003L));
    for (int page = 1; page <= 8; page++) {
      commands.add(store(0x101_3000L + 8 * page, GUEST + page * 0x1000L | 3));
    }
    commands.add(store(GUEST + 0x1000, 0x2007));
    commands.add(store(GUEST + 0x2000, 0x3007));
    commands.add(store(GUEST + 0x3010, 0x4007));
    commands.add(store(GUEST + 0x4000, 0x6067));
    commands.add(new Command.RegWrite(0x20, 8, 0x100_0400L, 0));
    commands.add(new Command.RegWrite(0x18, 4, 1L << 30, 0));
    commands.add(new Command.RegWrite(0x18, 4, 1L << 31, 0));
    return commands;
  }

  private static Command store(long address, long... quadwords) {
    return new Command.MemWrite(address, Bytes.ofQuadwords(quadwords));
  }

  private List<Stage> stages() {
    lab.run(new Command.DmaRead("00:03.0", 0x40_0000L, 4));
    PathAnswer answer = lab.ask(PathQuery::answer);
    return Objects.requireNonNull(answer.request()).stages();
  }

  @Test
  void eachStepOfTheFirstStageHasItsWalkOfTheSecond() {
    List<Stage> stages = stages();
    var shape = new StringBuilder();
    for (Stage stage : stages) {
      shape.append(stage.host() ? 'h' : stage.id().startsWith("level") ? 'F' : '.');
    }
    assertThat(shape.toString()).contains("hhhhFhhhhFhhhhFhhhhFhhhh.");
  }

  @Test
  void lineOfTheSecondStageTellsTableAndTarget() {
    var texts = new Texts(Locale.ENGLISH);
    assertThat(stages())
        .filteredOn(Stage::host)
        .extracting(stage -> stage.title().in(texts) + " " + stage.detail().in(texts))
        .startsWith("PML4 → 1011", "PDPT → 1012", "PD → 1013", "PT → 2001");
  }
}
