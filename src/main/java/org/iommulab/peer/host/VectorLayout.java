package org.iommulab.peer.host;

/**
 * Where the newer vector registers lie in an XSAVE area. The processor tells (CPUID leaf 0xD), but
 * Java cannot ask it; each vendor has kept to one layout.
 *
 * @param zmmUpper where the upper halves of zmm0 to zmm15 begin; far off if that is not known
 * @param upperSixteen where zmm16 to zmm31 begin; far off if that is not known
 */
record VectorLayout(int zmmUpper, int upperSixteen) {

  private static final int FAR_OFF = 1 << 20;

  static final VectorLayout OF_THIS_PROCESSOR = ofVendor(ProcessFiles.processorVendor());

  private static VectorLayout ofVendor(String vendor) {
    return switch (vendor) {
      case "GenuineIntel" -> new VectorLayout(1152, 1664);
      case "AuthenticAMD" -> new VectorLayout(896, 1408);
      default -> new VectorLayout(FAR_OFF, FAR_OFF);
    };
  }
}
