/**
 * The Linux that the laboratory itself runs on: system calls that Java lacks, made through {@code
 * java.lang.foreign}. May import nothing of the laboratory.
 */
package org.iommulab.peer.host;
