package org.iommulab.lab.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.iommulab.lab.script.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandReaderTest {

  private static Command good(String json) {
    Reading<Command> reading = Command.parse(json);
    assertThat(reading).as(json).isInstanceOf(Reading.Good.class);
    return ((Reading.Good<Command>) reading).value();
  }

  private static String bad(String json) {
    Reading<Command> reading = Command.parse(json);
    assertThat(reading).as(json).isInstanceOf(Reading.Bad.class);
    return ((Reading.Bad<Command>) reading).sentence().english();
  }

  @Test
  void numbersComeInEverySpelling() {
    var expected = new Command.MemRead(0x1000, 2);
    assertThat(good("{\"op\":\"mem.read\",\"addr\":4096,\"count\":2}")).isEqualTo(expected);
    assertThat(good("{\"op\":\"mem.read\",\"addr\":\"4096\",\"count\":\"2\"}")).isEqualTo(expected);
    assertThat(good("{\"op\":\"mem.read\",\"addr\":\"0x1000\",\"count\":\"0x2\"}"))
        .isEqualTo(expected);
  }

  @Test
  void all64BitsOfANumberCount() {
    Command command =
        good("{\"op\":\"dma.read\",\"rid\":\"00:03.0\",\"iova\":18446744073709551615,\"len\":1}");
    assertThat(command).isEqualTo(new Command.DmaRead("00:03.0", -1L, 1));
    assertThat(bad("{\"op\":\"dma.read\",\"rid\":\"x\",\"iova\":18446744073709551616,\"len\":1}"))
        .isEqualTo("dma.read: \"iova\" 18446744073709551616 is not between 0 and 2^64-1");
  }

  static Stream<String> lines() {
    return Stream.of(
        "{\"op\":\"machine\",\"aw_bits\":48,\"scalable\":true,\"tags\":[\"a\"]}",
        "{\"op\":\"mem.write\",\"addr\":\"0x1000\",\"u64\":[\"0x1\",\"0xffffffffffffffff\"]}",
        "{\"op\":\"mem.write\",\"addr\":\"0x1001\",\"hex\":\"0102\"}",
        "{\"op\":\"mem.fill\",\"addr\":\"0x1000\",\"len\":16,\"pattern\":\"addr\"}",
        "{\"op\":\"mem.fill\",\"addr\":\"0x1000\",\"len\":16,\"pattern\":\"0x5\"}",
        "{\"op\":\"mem.read\",\"addr\":\"0x1000\",\"count\":1}",
        "{\"op\":\"reg.write\",\"off\":\"0x18\",\"size\":4,\"value\":\"0x80000000\"}",
        "{\"op\":\"reg.read\",\"off\":\"0x20\",\"size\":8}",
        "{\"op\":\"reg.write\",\"off\":\"0x18\",\"size\":4,\"value\":\"0x1\",\"unit\":1}",
        "{\"op\":\"reg.read\",\"off\":\"0x20\",\"size\":8,\"unit\":1}",
        "{\"op\":\"machine\",\"board\":\"client\",\"devices\":[{\"at\":\"00:02.0\",\"kind\":\"gpu\"}]}",
        "{\"op\":\"dma.write\",\"rid\":\"nic\",\"iova\":\"0x1ff0\",\"data\":\"00ff\"}",
        "{\"op\":\"dma.read\",\"rid\":\"00:03.0\",\"iova\":\"0x0\",\"len\":2048}",
        "{\"op\":\"msi\",\"rid\":\"00:03.0\",\"addr\":\"0xfee00000\",\"data\":65535}",
        "{\"op\":\"irq.read\"}",
        "{\"op\":\"device.write\",\"dev\":\"nic\",\"reg\":\"TDBA\",\"value\":\"ring.dma_handle\"}",
        "{\"op\":\"device.read\",\"dev\":\"nic\",\"reg\":\"TDH\",\"as\":\"head\"}",
        "{\"op\":\"device.run\",\"dev\":\"nic\",\"steps\":4}",
        "{\"op\":\"device.run\",\"dev\":\"nic\"}",
        "{\"op\":\"device.receive\",\"dev\":\"nic\",\"hex\":\"0102\"}",
        "{\"op\":\"device.state\",\"dev\":\"nic\"}",
        "{\"op\":\"traffic\",\"dev\":\"nic\",\"seed\":7,\"pattern\":\"ring\",\"count\":9,"
            + "\"ranges\":[{\"start\":\"buf\",\"len\":4096}]}",
        "{\"op\":\"kernel.write\",\"at\":\"ring+16\",\"u64\":[\"buf\",64]}",
        "{\"op\":\"kernel.read\",\"at\":\"ring\",\"len\":16}",
        "{\"op\":\"user.free\",\"at\":\"buf\"}",
        "{\"op\":\"user.write\",\"at\":\"buf\",\"struct\":\"iommu_iova_range\","
            + "\"arg\":[{\"start\":0,\"last\":4095}]}",
        "{\"op\":\"user.read\",\"at\":\"buf\",\"struct\":[\"iommu_iova_range\"]}",
        "{\"op\":\"read\",\"fd\":\"fault.out_fault_fd\",\"len\":40,"
            + "\"struct\":[\"iommu_hwpt_pgfault\"],\"as\":\"asked\"}",
        "{\"op\":\"write\",\"fd\":\"7\",\"struct\":\"iommu_hwpt_page_response\","
            + "\"arg\":[{\"cookie\":\"asked.cookie\",\"code\":0}]}",
        "{\"op\":\"write\",\"fd\":\"7\",\"hex\":\"0102\"}",
        "{\"op\":\"poll\",\"fd\":\"7\"}",
        "{\"op\":\"fail_nth\",\"n\":3}",
        "{\"op\":\"let\",\"as\":\"end\",\"value\":\"buf+0x1000\"}",
        "{\"op\":\"reset\"}",
        "{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on\",\"walker\":\"classic\"}",
        "{\"op\":\"dma.read\",\"rid\":\"gpu\",\"iova\":\"0x0\",\"len\":8,\"pasid\":7,\"exec\":true}",
        "{\"op\":\"ats.translate\",\"rid\":\"nic\",\"iova\":\"0x1000\",\"pages\":4,\"nw\":true}",
        "{\"op\":\"ats.read\",\"rid\":\"nic\",\"iova\":\"0x1004\",\"len\":4}",
        "{\"op\":\"ats.write\",\"rid\":\"nic\",\"iova\":\"0x1\",\"data\":\"ff\",\"pasid\":1,\"priv\":true}",
        "{\"op\":\"ats.translated\",\"rid\":\"nic\",\"addr\":\"0x1000\",\"data\":\"ff\"}",
        "{\"op\":\"ats.translated\",\"rid\":\"nic\",\"addr\":\"0x1000\",\"len\":4}",
        "{\"op\":\"ats.manner\",\"rid\":\"nic\",\"manner\":\"slow\"}",
        "{\"op\":\"mem.flush\",\"addr\":\"0x1008\",\"len\":8}",
        "{\"op\":\"ats.finish\",\"rid\":\"nic\"}",
        "{\"op\":\"ats.complete\",\"rid\":\"nic\",\"tag\":3}",
        "{\"op\":\"pri.request\",\"rid\":\"nic\",\"iova\":\"0x1000\",\"group\":9,\"access\":\"r\","
            + "\"last\":false,\"pasid\":7}",
        "{\"op\":\"pri.stop\",\"rid\":\"nic\",\"pasid\":7}",
        "{\"op\":\"pri.read\",\"rid\":\"nic\"}",
        "{\"op\":\"open\",\"path\":\"/dev/iommu\",\"as\":\"iommu\"}",
        "{\"op\":\"ioctl\",\"fd\":\"iommu\",\"cmd\":\"IOMMU_IOAS_MAP\","
            + "\"arg\":{\"ioas_id\":1,\"user_va\":\"buf+0x1000\"},\"size\":44,\"tail\":\"00\"}",
        "{\"op\":\"close\",\"fd\":\"iommu\"}",
        "{\"op\":\"user.alloc\",\"as\":\"buf\",\"len\":65536,\"hugepage\":true}",
        "{\"op\":\"user.write\",\"at\":\"buf+0x10\",\"hex\":\"0102\"}",
        "{\"op\":\"user.read\",\"at\":\"buf\",\"len\":16}",
        "{\"op\":\"call\",\"fn\":\"iommu_map\",\"args\":{\"iova\":\"0x1000\"}}",
        "{\"op\":\"clock.advance\",\"ns\":10000000}",
        "{\"op\":\"checkpoint\",\"name\":\"a\"}",
        "{\"op\":\"rewind\",\"to\":\"a\"}",
        "{\"op\":\"expect\",\"path\":\"reg(GSTS).TES\",\"value\":1}",
        "{\"op\":\"expect\",\"path\":\"iotlb(33,0x1000)\",\"value\":null}",
        "{\"op\":\"answer\",\"question\":\"what-happens\",\"value\":\"cached\"}",
        "{\"op\":\"answer\",\"question\":\"reads\",\"value\":6}",
        "{\"op\":\"hint\",\"question\":\"reads\"}",
        "{\"op\":\"note\",\"text\":\"hello\"}");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everyCommandIsWrittenAsItIsRead(String json) {
    assertThat(good(json).toJson()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'op':'dma.wirte'} | unknown operation 'dma.wirte'; did you mean 'dma.write'?",
        "{'op':'frobnicate'} | unknown operation 'frobnicate'",
        "{'op':'reset','now':1} | reset has no field 'now'",
        "{'op':'mem.read','adr':0,'count':1} | mem.read has no field 'adr'; did you mean 'addr'?",
        "{'op':'mem.read','addr':0} | mem.read needs a field 'count'",
        "{'op':'mem.read','addr':'0x1004','count':1} | mem.read: 'addr' must be a multiple of 8,"
            + " not 0x1004",
        "{'op':'mem.read','addr':true,'count':1} | mem.read: 'addr' must be a number such as 31 or"
            + " '0x1f', not true",
        "{'op':'reg.read','off':'0x1a','size':4} | an access of 4 bytes at register offset 0x1a is"
            + " not aligned; the offset must be a multiple of 4",
        "{'op':'reg.read','off':0,'size':5} | registers are accessed with 4 or 8 bytes, not 5",
        "{'op':'reg.read','off':4096,'size':4} | reg.read: 'off' must be from 0 to 4092, not 4096",
        "{'op':'dma.write','rid':'nic','iova':0,'data':'0'} | dma.write: 'data' must be bytes in"
            + " hexadecimal, two digits each, such as '00ff'",
        "{'op':'mem.write','addr':0} | the bytes go into either 'u64' or 'hex'",
        "[1] | a command is an object such as {'op':'reset'}, not [1]",
        "{'ob':'reset'} | a command needs 'op', the name of its operation",
      })
  void mistakesAreNamedInOneSentence(String json, String sentence) {
    assertThat(bad(json.replace('\'', '"'))).isEqualTo(sentence.replace('\'', '"'));
  }

  @Test
  void brokenJsonIsLocated() {
    assertThat(bad("{\"op\":")).startsWith("this is not JSON at column");
    assertThat(bad("{\"op\":\"reset\"} {")).contains("JSON");
    assertThat(bad("{\"op\":\"reset\",\"op\":\"note\"}")).startsWith("this is not JSON");
  }

  @Test
  void scriptNamesTheLineAndSkipsBlankOnes() {
    String text = "{\"op\":\"reset\"}\n\n  \r\n{\"op\":\"irq.read\"}\n{\"op\":\"irqread\"}\n";
    assertThat(Script.parse("a.jsonl", text))
        .isEqualTo(
            new Reading.Bad<Script>(
                "a.jsonl, line 5: unknown operation \"irqread\"; did you mean \"irq.read\"?"));
    assertThat(Script.parse("b", "{\"op\":\"reset\"}\n\n{\"op\":\"irq.read\"}"))
        .isEqualTo(
            new Reading.Good<>(
                new Script("b", java.util.List.of(new Command.Reset(), new Command.IrqRead()))));
  }
}
