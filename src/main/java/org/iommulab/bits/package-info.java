/**
 * Field layouts of hardware structures: name, bit range, meaning, when reserved. A layout is
 * declared once and read by decoders, encoders, reserved-bit checks, the inspector and the
 * documentation. May import nothing of the laboratory.
 */
package org.iommulab.bits;
